"""A load that no build can take in waits for a person, and holds nothing but itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import RunCli
from tests.integration.conftest import NIGHT, bars_to, next_day_bars
from yanbao.base import clock
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore, loads_behind

pytestmark = [pytest.mark.slow]


def land_past_the_gate(home: Path, dataset: str, column: str, value: str) -> str:
    """The last row again with another value, as if every check had passed it; its load."""
    zone = RawZone(home / "raw")
    last = zone.loads(dataset)[-1]
    (row,) = pq.read_table(last.frame_path).slice(last.load.rows - 1).to_pylist()
    kept = {name: cell for name, cell in row.items() if not name.startswith("_")}
    frame = pa.Table.from_pylist([{**kept, column: value}])
    load = replace(last.load, load_id=zone.new_load_id(dataset), rows=1, rows_in=1)
    load_id = zone.append(load, frame).load.load_id
    gated_at = clock.now().isoformat()
    zone.record_verdict(load_id, {"outcome": "pass", "messages": [], "gated_at": gated_at})
    return load_id


def test_a_night_goes_on_without_the_loads_that_break_its_models_or_its_gate(
    desk: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    path = next_day_bars(tmp_path, "a_share_bars_2024-11-01.csv", 1.002)
    assert run_cli("import", str(path), home=desk).code == 0
    no_column_holds_it = land_past_the_gate(desk, "income_statements", "revenue_ytd", "1e30")
    no_gate_passes_it = land_past_the_gate(desk, "government_yields", "yield_pct", "900")
    night = run_cli(*NIGHT, "--as-of", "2024-11-01", home=desk)
    assert night.code == 3, night.err
    zone = RawZone(desk / "raw")
    for load_id in (no_column_holds_it, no_gate_passes_it):
        assert zone.load(load_id).status == "held"
        (line,) = [text for text in night.err.splitlines() if load_id in text]
        assert "breaks the build" in line
        assert "yanbao hold reject" in line
    release = ReleaseStore(desk / "releases").current()
    assert not {no_column_holds_it, no_gate_passes_it} & loads_behind(release)
    assert bars_to(desk) == "2024-11-01"
    checks = pq.read_table(release.path / "parquet" / "meta" / "check_results.parquet")
    found = {r["subject"] for r in checks.to_pylist() if r["check_name"] == "breaks"}
    assert found == {"income_statements", "government_yields"}
