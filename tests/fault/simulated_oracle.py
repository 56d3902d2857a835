"""What must be true after each night of a simulation, judged without the product's code.

The oracle reads files, and DuckDB by plain SQL; what is right it has from the ledger of what
the simulated world told. ``I1`` to ``I7`` are the invariants of every fault test:

* I1 nothing acknowledged is lost: loads, verdicts, rows of earlier releases, and
  what the world told on a night that was published;
* I2 ``current`` opens and has the bytes of its manifest, earlier releases are as they were, ids
  go up, and a night that nothing keeps from it is published;
* I3 a release is of the session that had closed when its night began, in every table, and its
  manifest names a dataset as stale of which a part ends before;
* I4 the same run again, and a build of the same raw from nothing, give the same rows;
* I5 of each load the rows that came are those that were loaded, set aside or collapsed, core
  has each of them once, and no answer is loaded twice;
* I6 raw bytes stay;
* I7 a failure is an exit code and one line that says what to do.

Besides them I0, the rule behind all: a number is right, or blank.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.fault.simulated_ledger import Ledger, Rows, Seen, Violation
from tests.fault.simulated_market import Key
from tests.fault.simulated_raw import files_stay, loads_add_up, manifests_of

CORE = ("daily_bars", "index_bars", "trading_days")
REPORT = ("data_through", "index_changes")


def look(home: Path, seen: Seen, ledger: Ledger) -> tuple[list[Violation], Seen]:
    """Everything that a state folder must keep to, whether or not a night was published."""
    found: list[Violation] = []
    now = replace(seen, files=dict(seen.files), answers=dict(seen.answers))
    partitions = {
        load.get("partition") or ""
        for folder, load in manifests_of(home)
        if str((folder / "manifest.json").relative_to(home / "raw")) not in seen.files
    }
    now = replace(now, partitions=frozenset(partitions - {""}))
    found += files_stay(home, now)
    found += loads_add_up(home, now)
    releases = home / "releases"
    current = os.path.realpath(releases / "current")
    name = Path(current).name
    if name < seen.current:
        found.append(("I2", f"current went back from {seen.current} to {name}"))
    found += _release_is_whole(Path(current))
    stand = {
        path.name: _stats(path)
        for path in sorted(releases.glob("r*"))
        if path.is_dir() and path.name[1:].isdigit()
    }
    for one, files in seen.releases.items():
        if stand.get(one) != files:
            found.append(("I2", f"release {one} is not as it was"))
    now = replace(now, releases=stand, current=name)
    if not found:
        manifest = json.loads(Path(current, "manifest.json").read_text("utf-8"))
        rows = read_rows(Path(current, "warehouse.duckdb"))
        now = replace(now, rows=rows, day=date.fromisoformat(manifest["as_of_date"]))
        found += _rows_stay(seen.rows, rows)
        found += _is_right(rows, ledger)
        found += _is_of_one_day(rows, manifest)
        found += _changes_are_right(rows, now.day or date.min)
        found += _loads_are_there(home, rows)
    return found, now


def _stats(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _release_is_whole(folder: Path) -> Iterator[Violation]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        yield "I2", f"release {folder.name} has no manifest ({type(error).__name__})"
        return
    for name, told in manifest["files"].items():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            yield "I2", f"release {folder.name} lacks {name}"
            continue
        is_right = len(content) == told["bytes"] and (
            told.get("sha256") in (None, hashlib.sha256(content).hexdigest())
        )
        if "crc32" in told:
            is_right &= told["crc32"] == f"{zlib.crc32(content):08x}"
        if not is_right:
            yield "I2", f"release {folder.name}: {name} has not the bytes of the manifest"


def read_rows(warehouse: Path) -> dict[str, Rows]:
    """Every row of the tables of a release, as (column, value) pairs."""
    import duckdb

    found = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for schema, tables in (("core", CORE), ("report", REPORT)):
            for table in tables:
                told = connection.execute(f"from {schema}.{table}")
                names = [one[0] for one in told.description]
                found[table] = frozenset(
                    tuple(zip(names, row, strict=True)) for row in told.fetchall()
                )
    return found


def _rows_stay(before: dict[str, Rows], rows: dict[str, Rows]) -> Iterator[Violation]:
    for table in CORE:
        lost = before.get(table, frozenset()) - rows[table]
        if lost:
            yield "I1", f"core.{table} lost {len(lost)} rows, as {dict(min(lost, key=repr))}"


def known_now(rows: Rows, code: str) -> dict[Key, dict[str, Any]]:
    """The last version of each key."""
    found: dict[Key, dict[str, Any]] = {}
    for row in map(dict, rows):
        key = (row[code], row["trade_date"])
        if key not in found or found[key]["version"] < row["version"]:
            found[key] = row
    return found


def _is_right(rows: dict[str, Rows], ledger: Ledger) -> Iterator[Violation]:
    for row in map(dict, rows["index_bars"]):
        key = (row["index_code"], row["trade_date"])
        if row["close"] not in ledger.ever.get(key, ()):
            yield "I0", f"{key[0]} {key[1]}: the close {row['close']} was never told"
            return
    now = known_now(rows["index_bars"], "index_code")
    for key in sorted(ledger.owed):
        if key not in now:
            yield "I1", f"{key[0]} {key[1]} was told and is not there"
            return
        if now[key]["close"] not in ledger.allowed[key]:
            told = ledger.allowed[key]
            yield "I1", f"{key[0]} {key[1]}: {now[key]['close']} stands, {told} was told last"
            return
    shares: dict[date, dict[str, float]] = {}
    for key, row in known_now(rows["daily_bars"], "code").items():
        shares.setdefault(key[1], {})[key[0].partition(".")[0]] = float(row["close"])
    for day, closes in shares.items():
        if closes != ledger.shares.get(day):
            yield "I0", f"shares of {day}: {len(closes)} closes are not those that were told"
            return
    for day in sorted(ledger.owed_lists - shares.keys()):
        yield "I1", f"the shares of {day} were told and are not there"
        return


def _is_of_one_day(rows: dict[str, Rows], manifest: dict[str, Any]) -> Iterator[Violation]:
    day = date.fromisoformat(manifest["as_of_date"])
    for table in REPORT:
        others = {dict(row)["as_of_date"] for row in rows[table]} - {day}
        if others:
            yield "I3", f"report.{table} of {day} has rows of {min(others)}"
    named = {one["dataset"] for one in manifest["stale"]}
    ends: dict[tuple[str, str], date] = {}
    for row in map(dict, rows["index_bars"]):
        part = ("index_bars", row["index_code"])
        ends[part] = max(ends.get(part, date.min), row["trade_date"])
    for row in map(dict, rows["daily_bars"]):
        part = ("a_share_bars", "")
        ends[part] = max(ends.get(part, date.min), row["trade_date"])
    for (dataset, code), end in sorted(ends.items()):
        if end < day and dataset not in named:
            yield "I3", f"{dataset} {code} ends {end} before {day}, and the manifest is silent"


def _changes_are_right(rows: dict[str, Rows], day: date) -> Iterator[Violation]:
    """The changes of this week, of the last one and of the month: right, or blank."""
    closes: dict[str, dict[date, float]] = {}
    for (code, on), row in known_now(rows["index_bars"], "index_code").items():
        if on <= day:
            closes.setdefault(code, {})[on] = row["close"]
    monday = day - timedelta(days=day.weekday())
    windows = {
        "change_this_week": (monday, day),
        "change_last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "change_month": (day.replace(day=1), day),
    }
    for row in map(dict, rows["index_changes"]):
        for name, (first, last) in windows.items():
            told, known = row[name], closes.get(row["index_code"], {})
            end = max((one for one in known if one <= last), default=None)
            base = _session_before(first)
            if told is None:
                # Blank only where something is missing.
                if known.keys() >= {base, last} and _is_session(last):
                    yield "I0", f"{row['index_code']} {name} of {day} is blank without a reason"
                continue
            if end is None or end < first or base not in known:
                yield (
                    "I0",
                    f"{row['index_code']} {name} of {day}: {told} has no closes behind it",
                )
                continue
            right = known[end] / known[base] - 1
            if abs(float(told) - right) > 1e-8:  # changes are rounded to eight places
                yield "I0", f"{row['index_code']} {name} of {day}: {told}, not {right}"


def _is_session(day: date) -> bool:
    return day.weekday() < 5


def _session_before(day: date) -> date:
    day -= timedelta(days=1)
    while not _is_session(day):
        day -= timedelta(days=1)
    return day


def _loads_are_there(home: Path, rows: dict[str, Rows]) -> Iterator[Violation]:
    """Of a list of shares that is in core every row is in it, once."""
    counts: dict[str, int] = {}
    keys: set[tuple[Any, ...]] = set()
    for row in map(dict, rows["daily_bars"]):
        counts[row["load_id"]] = counts.get(row["load_id"], 0) + 1
        key = (row["code"], row["trade_date"], row["version"])
        if key in keys:
            yield "I5", f"core.daily_bars has {key} twice"
            return
        keys.add(key)
    told = {folder.name: load for folder, load in manifests_of(home)}
    for load_id, count in counts.items():
        if load_id in told and count != told[load_id]["rows"]:
            yield "I5", f"load {load_id}: core has {count} of {told[load_id]['rows']} rows"
