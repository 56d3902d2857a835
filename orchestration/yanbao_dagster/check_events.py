"""What a gate or a test found, as Dagster shows it: failures first, with their rows."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    MetadataValue,
    OpExecutionContext,
    TableColumn,
    TableRecord,
    TableSchema,
)

from yanbao.base.check_result import CheckResult
from yanbao.raw.load import StoredLoad

Context = AssetExecutionContext | AssetCheckExecutionContext | OpExecutionContext
COLUMNS = ("outcome", "rule", "severity", "observed", "expected", "failing_rows")
# The UI runs the lines of a description into one paragraph; the tables hold the rest.
LINES, LONGEST_LINE = 5, 320
NOTHING_NEW = "nothing new"
# What nobody knows is worse than what is wrong.
ORDER = {"could_not_run": 0, "fail": 1, "pass": 2}


def verdict(
    context: Context,
    spec: AssetCheckSpec,
    checks: Sequence[CheckResult],
    *,
    waiting: Sequence[str] = (),
    lets_through: bool = False,
) -> AssetCheckResult | AssetCheckEvaluation:
    """One check from what was found, also of a check that the run did not plan.

    ``waiting`` are lines of what still waits for a person. A check that ``lets_through`` never
    stops the run: its failures are warnings.
    """
    found = sorted(checks, key=lambda one: (ORDER[one.outcome], one.severity == "warn"))
    bad = [one for one in found if one.outcome != "pass"]
    stops = any(one.blocks for one in bad) and not lets_through
    # A load that was judged now waits with the same words.
    lines = [*waiting]
    lines += [one.message for one in bad if not any(one.message in line for line in waiting)]
    whole = f"{len(found)} rules hold" if len(found) > 1 else "holds"
    about: dict[str, Any] = {
        "asset_key": spec.asset_key,
        "check_name": spec.name,
        "passed": not lines,
        "severity": AssetCheckSeverity.ERROR if stops else AssetCheckSeverity.WARN,
        "description": _first_of(lines) or (whole if found else NOTHING_NEW),
        "metadata": {
            "outcome": found[0].outcome if found else ("waiting" if waiting else NOTHING_NEW),
            "failing_rows": sum(one.failing_rows for one in found),
            **({"evaluated": len(found), "rules": _rules(found)} if len(found) > 1 else {}),
            **{f"rows: {one.check}": rows_table(one.sample) for one in bad if one.sample},
        },
    }
    is_of_a_job = isinstance(context, OpExecutionContext)
    is_planned = not is_of_a_job and check_key(spec) in context.selected_asset_check_keys
    return AssetCheckResult(**about) if is_planned else AssetCheckEvaluation(**about)


def waiting_line(stored: StoredLoad) -> str:
    """What waits for a person: its name and what to do come before the rules that it broke."""
    load = stored.load
    name = load.original_name or load.partition or load.function
    return f"{stored.status}: {name} → yanbao hold list: {stored.reason}"


def _first_of(lines: Sequence[str]) -> str:
    said = [shorten(line, LONGEST_LINE, placeholder=" …") for line in lines[:LINES]]
    more = len(lines) - len(said)
    return "\n".join([*said, *([f"and {more} more"] if more else [])])


def rows_table(rows: Sequence[Mapping[str, str]]) -> MetadataValue:
    """Rows of one shape, as a table."""
    return MetadataValue.table([TableRecord(dict(row)) for row in rows])


def _rules(checks: Sequence[CheckResult]) -> MetadataValue:
    rows = [
        TableRecord(
            {name: getattr(check, "check" if name == "rule" else name) for name in COLUMNS}
        )
        for check in checks
    ]
    schema = TableSchema(
        [TableColumn(name, "int" if name == "failing_rows" else "string") for name in COLUMNS]
    )
    return MetadataValue.table(rows, schema)


def check_key(spec: AssetCheckSpec) -> AssetCheckKey:
    return AssetCheckKey(spec.asset_key, spec.name)
