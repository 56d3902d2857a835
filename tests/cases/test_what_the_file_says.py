"""What a file says about itself is used, or the file is refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.desk import FILES, Desk
from yanbao.base.errors import UsageError


def written(desk: Desk, name: str, text: str) -> Path:
    path = desk.settings.home / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_for_shares_never_completes_the_code_of_an_index(desk: Desk) -> None:
    with pytest.raises(UsageError, match="a_share is no rule for the codes of index_bars"):
        desk.take("index_bare_codes.csv", mapping="index_bars_mapping.yml")


def test_bare_codes_of_indices_are_completed_by_the_known_indices_alone(desk: Desk) -> None:
    text = (FILES / "index_bars_mapping.yml").read_text(encoding="utf-8")
    mapping = written(desk, "indices.yml", text.replace("a_share", "index"))
    file = (FILES / "index_bare_codes.csv").read_text(encoding="utf-8")
    taken = desk.take(
        written(desk, "指数.csv", f"{file}000688,科创50,2024-10-31,970.1\n"),
        mapping=str(mapping),
    )
    assert [row["index_code"] for row in taken.rows] == ["000001.SH", "000300.SH", "399006.SZ"]
    assert "000688" in taken.lines
