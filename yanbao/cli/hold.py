"""``yanbao hold``: loads that wait for a decision, and the decisions, each with its reason."""

from __future__ import annotations

import argparse

from yanbao.base.errors import UsageError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "accept", "reject"))
    parser.add_argument("id", nargs="?", metavar="ID")
    parser.add_argument("--reason", help="why; kept with the decision")
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.lock import writer_lock
    from yanbao.raw.load import superseded
    from yanbao.raw.zone import RawZone

    settings = arguments.settings
    zone = RawZone(settings.raw)
    if arguments.action == "list":
        loads = zone.loads()
        later = superseded(loads)
        rows = []
        for stored in loads:
            load, status, reason = stored.load, str(stored.status), stored.reason
            if status in ("held", "rejected"):
                if load.load_id in later:
                    status = "superseded"
                    reason += f"; superseded by {later[load.load_id]}"
                facts = (load.load_id, load.dataset, status, load.rows, reason)
                rows.append([*facts, stored.decided_at])
        columns = ["load_id", "dataset", "status", "rows", "reason", "decided_at"]
        print_rows(columns, rows, arguments.format)
        return 0
    if not arguments.id or not (arguments.reason or "").strip():
        raise UsageError(
            "a decision needs the load's id and a reason",
            hint=f"yanbao hold {arguments.action} ID --reason TEXT",
        )
    with writer_lock(settings.work, "yanbao hold"):
        stored = zone.load(arguments.id)
        if stored.status not in ("held", "rejected"):
            raise UsageError(
                f"load {arguments.id} is {stored.status} and waits for no decision",
                hint="list what waits with yanbao hold list",
            )
        if arguments.action == "accept" and not stored.frame_path.exists():
            raise UsageError(
                f"load {arguments.id} holds no rows: {stored.reason}",
                hint="there is nothing to take in; run again, or import a file",
            )
        if arguments.action == "accept" and not stored.load.rows:
            raise UsageError(
                f"load {arguments.id} has no good row: there is nothing to take in",
                hint="correct the mapping or the file and import it again",
            )
        zone.record_decision(arguments.id, arguments.action, arguments.reason.strip())
    follow = (
        "the next yanbao run takes it in" if arguments.action == "accept" else "it stays out"
    )
    print(f"{arguments.id}: {arguments.action}ed; {follow}")
    return 0
