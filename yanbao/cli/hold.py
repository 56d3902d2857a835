"""``yanbao hold``: loads that wait for a decision, and the decisions, each with its reason."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from yanbao.base.errors import UsageError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument

if TYPE_CHECKING:
    from yanbao.raw.load import StoredLoad

# The decisions, each with what follows from it.
FOLLOWS = {
    "accept": "the next yanbao run takes it in",
    "reject": "it stays out",
    "retract": "the next yanbao run builds as if it had never come; raw keeps it",
}
JUDGED_FIRST = "the next yanbao run judges its good rows, and takes them in if they pass"
IMPORT_AGAIN = "import its file again to bring it back: it is judged anew"
# What to do about a load that waits for no decision; by its status.
HINT_OF = {
    "retracted": IMPORT_AGAIN,
    "good": "it was taken in; take it back with yanbao hold retract ID --reason TEXT",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("list", *FOLLOWS),
        help="list: what waits, was refused or taken back; accept or reject: decide about a"
        " load that waits; retract: take an imported or accepted load back, so that the next"
        " run is as if it had never come",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="the load, as hold list names it")
    parser.add_argument("--reason", help="why; kept with the decision")
    parser.add_argument(
        "--action",
        action="append",
        default=[],
        dest="actions",
        metavar="ACTION",
        help="with accept, the corporate action behind a step of a price, which returns then"
        " count with: split:CODE:DAY:NEW:OLD, consolidation:CODE:DAY:OLD:NEW, or move:CODE:DAY"
        " where the price did move; may be given several times",
    )
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.lock import writer_lock
    from yanbao.intake.stated_actions import land_actions, loads_stated_with, stated_action
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
            if status in ("held", "rejected", "retracted"):
                if load.load_id in later:
                    status = "superseded"
                    reason += f"; superseded by {later[load.load_id]}"
                facts = (load.load_id, load.dataset, status, load.rows, reason)
                rows.append([*facts, stored.decided_at, load.original_name])
        columns = ["load_id", "dataset", "status", "rows", "reason", "decided_at", "file"]
        print_rows(columns, rows, arguments.format)
        return 0
    if not arguments.id or not (arguments.reason or "").strip():
        raise UsageError(
            "a decision needs the load's id and a reason",
            hint=f"yanbao hold {arguments.action} ID --reason TEXT",
        )
    if arguments.actions and arguments.action != "accept":
        raise UsageError(
            f"{arguments.action} takes no corporate action",
            hint="state it with yanbao hold accept, or import corporate_actions",
        )
    actions = [stated_action(text) for text in arguments.actions]
    with writer_lock(settings.work, "yanbao hold"):
        stored = zone.load(arguments.id)
        if arguments.action == "retract":
            _require_taken_in(stored)
        else:
            _require_waiting(stored, arguments.action)
        reason = arguments.reason.strip()
        if actions:
            land_actions(settings, actions, arguments.id, reason)
        zone.record_decision(arguments.id, arguments.action, reason, arguments.actions)
        if arguments.action == "retract":
            for one in loads_stated_with(zone, arguments.id):
                why = f"stated with {arguments.id}: {reason}"
                zone.record_decision(one.load.load_id, "retract", why)
    is_judged = zone.load(arguments.id).status != "ungated"
    follow = FOLLOWS[arguments.action] if is_judged else JUDGED_FIRST
    print(f"{arguments.id}: {arguments.action}ed; {follow}")
    return 0


def _require_waiting(stored: StoredLoad, action: str) -> None:
    """Refuse a decision about what waits for none, or about what has no row to take in."""
    load_id = stored.load.load_id
    if stored.status not in ("held", "rejected"):
        raise UsageError(
            f"load {load_id} is {stored.status} and waits for no decision",
            hint=HINT_OF.get(stored.status, "list what waits with yanbao hold list"),
        )
    if action == "accept" and not stored.frame_path.exists():
        raise UsageError(
            f"load {load_id} holds no rows: {stored.reason}",
            hint="there is nothing to take in; run again, or import a file",
        )
    if action == "accept" and not stored.load.rows:
        raise UsageError(
            f"load {load_id} has no good row: there is nothing to take in",
            hint="correct the mapping or the file and import it again",
        )


def _require_taken_in(stored: StoredLoad) -> None:
    """Refuse to take back what a person did not bring in, or what is not in."""
    load, status = stored.load, stored.status
    what, hint = f"load {load.load_id} is {status}", ""
    if load.repeat_of:
        what = f"load {load.load_id} only repeats {load.repeat_of} and adds nothing"
        hint = f"take back {load.repeat_of} itself"
    elif status == "retracted":
        what, hint = f"load {load.load_id} was taken back already", IMPORT_AGAIN
    elif status in ("held", "rejected"):
        what += " and in no table: there is nothing to take back"
        hint = "close the matter with yanbao hold reject, if it waits for a decision"
    elif status in ("empty", "unavailable"):
        what += " and holds no rows: there is nothing to take back"
        hint = "run again, or import a file"
    elif load.source == "sample":
        what = f"load {load.load_id} is a part of the embedded sample, which stays complete"
        hint = "import your own files into another folder with --home"
    elif not stored.is_file and stored.decided_at is None:
        what = f"load {load.load_id} is an answer of {load.source} that no person brought in"
        hint = "import the right rows as a file of the dataset: its newer version serves"
    if hint:
        raise UsageError(what, hint=hint)
