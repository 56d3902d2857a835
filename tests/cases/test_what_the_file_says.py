"""What a file says about itself is used, or the file is refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.desk import FILES, Desk
from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.scaffold.new_mapping import propose_mapping


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


@pytest.mark.parametrize("file", ["wind_single_quarter.csv", "wind_parent_company.csv"])
def test_a_statement_of_another_kind_is_refused_with_its_header(desk: Desk, file: str) -> None:
    words = {"wind_single_quarter.csv": "单季度", "wind_parent_company.csv": "母公司"}
    with pytest.raises(FileRefusedError, match=rf"\[报表类型\][^→]*line 1[^→]*{words[file]}"):
        desk.take(file)


def test_a_restated_statement_is_loaded_as_adjusted(desk: Desk) -> None:
    taken = desk.take("wind_restated.csv")
    assert taken.status == "good"
    assert {row["statement_kind"] for row in desk.core("income_statements")} == {"adjusted"}
    assert {row["revenue_ytd"] for row in taken.rows} == {"1250000000", "340000000"}


@pytest.mark.parametrize("file", ["title_forward_adjusted.csv", "header_forward_adjusted.csv"])
def test_an_adjusted_price_is_never_loaded_as_an_unadjusted_one(desk: Desk, file: str) -> None:
    text, dataset = propose_mapping(FILES / file)
    assert dataset.name == "a_share_bars"
    assert "adjustment: forward_ratio  # TODO: or forward_additive" in text
    with pytest.raises(FileRefusedError, match="leaves 1 TODO open"):
        desk.take(file, mapping=str(written(desk, "open.yml", text)))
    wrong = text.replace("forward_ratio  # TODO", "none  # settled")
    contradiction = r"says '前复权', but .* adjustment: none \(line"
    with pytest.raises(FileRefusedError, match=contradiction):
        desk.take(file, mapping=str(written(desk, "wrong.yml", wrong)))
    settled = written(desk, "settled.yml", text.replace("# TODO", "# settled"))
    taken = desk.take(file, mapping=str(settled))
    assert {row["adjustment"] for row in taken.rows} == {"forward_ratio"}
    assert {row["adjustment"] for row in desk.core("daily_bars")} == {"forward_ratio"}
