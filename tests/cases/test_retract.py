"""``yanbao hold retract``: what follows is as if the load had never come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cases.desk import Desk
from yanbao.cli.main import main
from yanbao.intake.landing import land_file
from yanbao.quality.staleness import stale_parts
from yanbao.raw.load import Load

BAR = {"code": "600001.SH", "trade_date": "2024-10-31", "close": 10.0}


@pytest.fixture
def hold(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs ``yanbao hold``; gives its exit code and its words."""

    def run(action: str, *words: str) -> tuple[int, str]:
        code = main(["--home", str(desk.settings.home), "hold", action, *words])
        out, err = capsys.readouterr()
        desk.build()
        return code, out + err

    return run


def closes(desk: Desk) -> list[tuple[float, int]]:
    return [(row["close"], row["version"]) for row in desk.core("daily_bars")]


def test_core_is_as_if_the_load_had_never_come_and_raw_keeps_it(desk: Desk, hold: Any) -> None:
    desk.take_rows("a_share_bars", [BAR])
    before = desk.core("daily_bars")
    wrong = desk.take_rows("a_share_bars", [{**BAR, "close": 10.5}])
    load_id = wrong.stored.load.load_id
    assert hold("accept", load_id, "--reason", "looks right")[0] == 0
    assert closes(desk) == [(10.0, 1), (10.5, 2)]

    code, said = hold("retract", load_id, "--reason", "the previous close")
    assert (code, "as if it had never come" in said) == (0, True)
    assert desk.core("daily_bars") == before
    taken_back = desk.zone.load(load_id)
    assert (taken_back.status, taken_back.reason) == ("retracted", "the previous close")
    assert taken_back.frame_path.exists()
    decision = desk.zone.decision(load_id) or {}
    assert [one["decision"] for one in decision["history"]] == ["accept", "retract"]


def test_a_retracted_file_can_be_imported_again_as_a_new_load(desk: Desk, hold: Any) -> None:
    file = desk.write("a_share_bars", [BAR])
    first = desk.take(file)
    hold("retract", first.stored.load.load_id, "--reason", "too early")
    assert desk.core("daily_bars") == []
    again = desk.take(file)
    assert (again.status, closes(desk)) == ("good", [(10.0, 1)])


def test_the_file_that_a_retracted_one_replaced_serves_again(desk: Desk, hold: Any) -> None:
    file = desk.write("fund_sizes", [SIZE])
    desk.take(file)
    later = desk.take_rows("fund_sizes", [{**SIZE, "fund_size_cny": 721e6}])
    hold("retract", later.stored.load.load_id, "--reason", "another fund")
    assert [row["fund_size_cny"] for row in desk.core("fund_sizes")] == [719e6]
    assert desk.take(file).status == "repeat"
    assert [row["fund_size_cny"] for row in desk.core("fund_sizes")] == [719e6]


SIZE = {
    "fund_code": "005962.OF",
    "as_of_date": "2024-09-30",
    "size_basis": "class",
    "fund_size_cny": 719e6,
}


def test_a_file_held_against_a_retracted_one_is_judged_anew(desk: Desk, hold: Any) -> None:
    """The right file came second and was held for the wrong one's sake."""
    wrong = desk.take_rows("a_share_bars", [{**BAR, "adjustment": "forward_ratio"}])
    file = desk.write("a_share_bars", [BAR])
    assert desk.take(file).status == "held"
    hold("retract", wrong.stored.load.load_id, "--reason", "adjusted by mistake")
    assert (desk.take(file).status, closes(desk)) == ("good", [(10.0, 1)])


def test_the_actions_that_were_stated_with_a_load_go_with_it(desk: Desk, hold: Any) -> None:
    file = "hk_bars_over_a_consolidation.csv"
    load_id = desk.take(file, dataset="hk_stock_bars").stored.load.load_id
    action = "--action=consolidation:0700.HK:2024-10-28:10:1"
    assert hold("accept", load_id, "--reason", "announced", action)[0] == 0
    desk.gate()
    desk.build()
    assert (len(desk.core("daily_bars")), len(desk.core("corporate_actions"))) == (3, 1)
    hold("retract", load_id, "--reason", "another share")
    assert (desk.core("daily_bars"), desk.core("corporate_actions")) == ([], [])


def test_an_import_can_be_undone_before_any_run(desk: Desk, hold: Any) -> None:
    landed = land_file(desk.settings, desk.write("a_share_bars", [BAR]))
    assert landed.stored.status == "ungated"
    assert hold("retract", landed.stored.load.load_id, "--reason", "wrong file")[0] == 0
    desk.gate()
    desk.build()
    assert desk.core("daily_bars") == []


def test_a_retracted_load_makes_nothing_stale_and_hides_no_fault(desk: Desk, hold: Any) -> None:
    desk.take_rows("a_share_bars", [BAR])
    held = desk.take_rows("a_share_bars", [{**BAR, "adjustment": "split"}])
    good = desk.take_rows("a_share_bars", [{**BAR, "code": "600002.SH"}])
    assert stale_parts(desk.zone.loads()) == []
    hold("retract", good.stored.load.load_id, "--reason", "another share")
    assert [one.bad.load for one in stale_parts(desk.zone.loads())] == [held.stored.load]


def test_what_cannot_be_taken_back_is_refused_with_what_to_do(
    desk: Desk, hold: Any, tmp_path: Path
) -> None:
    file = desk.write("a_share_bars", [BAR])
    good = desk.take(file)
    repeat = desk.take(file).stored.load.load_id
    held = desk.take_rows("a_share_bars", [{**BAR, "close": 11.0}]).stored.load.load_id
    rejected = desk.take_rows("a_share_bars", [{**BAR, "close": 12.0}]).stored.load.load_id
    hold("reject", rejected, "--reason", "no")
    feed = _feed(desk, good.stored.load)
    for load_id, words in (
        ("nothing", "no load is called 'nothing'"),
        (repeat, f"only repeats {good.stored.load.load_id}"),
        (held, "is held and in no table: there is nothing to take back"),
        (rejected, "is rejected and in no table"),
        (feed, "is an answer of eastmoney that no person brought in"),
    ):
        code, said = hold("retract", load_id, "--reason", "why not")
        assert (code, said.count("\n")) == (2, 1), said
        assert words in said
        assert "→" in said
    assert hold("retract", good.stored.load.load_id)[0] != 0  # without a reason
    assert desk.zone.load(good.stored.load.load_id).status == "good"


def test_a_retracted_load_is_listed_and_nothing_else_can_be_decided_about_it(
    desk: Desk, hold: Any
) -> None:
    load_id = desk.take_rows("a_share_bars", [BAR]).stored.load.load_id
    hold("retract", load_id, "--reason", "wrong day")
    _, listed = hold("list", "--format", "csv")
    assert f"{load_id},a_share_bars,retracted,1,wrong day" in listed
    for action, words in (
        ("retract", "was taken back already"),
        ("accept", "waits for no decision"),
        ("reject", "waits for no decision"),
    ):
        code, said = hold(action, load_id, "--reason", "once more")
        assert code == 2
        assert words in said
        assert "import its file again" in said


def _feed(desk: Desk, like: Load) -> str:
    """A good answer of a source."""
    import pyarrow as pa

    load = replace(
        like,
        load_id=desk.zone.new_load_id(like.dataset),
        source="eastmoney",
        function="stock_zh_a_hist",
        original_name=None,
        original_sha256=None,
        partition="2024-10-31",
    )
    stored = desk.zone.append(load, pa.table({"代码": ["600001"]}))
    desk.zone.record_verdict(stored.load.load_id, {"outcome": "pass", "messages": []})
    return load.load_id
