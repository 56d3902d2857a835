"""An import through the command line: seen before, taken back after, brought in again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RunCli
from tests.integration.conftest import NIGHT
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore

pytestmark = [pytest.mark.slow]

RUN = (*NIGHT, "--as-of", "2024-10-31")
SIZES = """\
fund_code,as_of_date,fund_size_cny,size_basis
999001.OF,2024-09-30,850000000,class
"""
STORED = {
    "place": "core.fund_sizes",
    "key": "999001.OF 2024-09-30 class",
    "column": "fund_size_cny",
    "before": 840000000.0,
    "after": 850000000.0,
}


def hashes(home: Path) -> dict[str, Any]:
    """The content hashes of the current release."""
    manifest = ReleaseStore(home / "releases").current().manifest
    marts = {name: mart["content_hash"] for name, mart in manifest["marts"].items()}
    return {"core": manifest["core_hash"], **marts}


def tree(home: Path) -> dict[str, str]:
    """Every file and folder of a state folder, with the hash of its bytes."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
        for path in sorted(home.rglob("*"))
    }


def test_an_import_is_seen_before_taken_back_after_and_brought_in_again(
    desk: Path, run_cli: RunCli, tmp_path: Path
) -> None:
    (desk / "settings.yml").write_text("packs: []\n", encoding="utf-8")
    path = tmp_path / "fund_sizes.csv"
    path.write_text(SIZES, encoding="utf-8")
    zone = RawZone(desk / "raw")
    before, files = hashes(desk), tree(desk)

    preview = run_cli("import", str(path), "--preview", "--format", "json", home=desk)
    assert preview.code == 0, preview.err
    assert tree(desk) == files
    seen = json.loads(preview.out)
    assert {"kind": "stored value", **STORED} in seen
    changed = {row["place"] for row in seen if row["kind"] == "report value"}
    assert "report.theme_fund_returns" in changed

    def load() -> str:
        assert run_cli("import", str(path), home=desk).code == 0
        return zone.loads("fund_sizes")[-1].load.load_id

    def after_a_night() -> dict[str, Any]:
        night = run_cli(*RUN, home=desk)
        assert night.code == 0, night.err
        return hashes(desk)

    def retract(load_id: str) -> None:
        done = run_cli("hold", "retract", load_id, "--reason", "another basis", home=desk)
        assert done.code == 0, done.err

    first = load()
    with_file = after_a_night()
    different = {name for name in before if before[name] != with_file[name]}
    assert different == {"core", *(place.removeprefix("report.") for place in changed)}

    retract(first)
    second = load()
    assert second > first
    assert after_a_night() == with_file

    retract(second)
    assert after_a_night() == before
