"""Computed words: rankings, counts, shares, directions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.reports.pack_rows import AS_OF, Tables
from yanbao.base.errors import PackError
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.printed.pack import PrintedSentence
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.vocabulary import share_words

Say = Callable[..., PrintedSentence]


@pytest.fixture
def say(
    make_release: Callable[..., ReleaseReader],
    make_pack: Callable[[str], PackSpec],
    tables: Tables,
) -> Say:
    """The sentence that a pack with one fact prints over (changed) rows."""

    def compute(
        fact: str, mart: str, key: str, rows: list[dict[str, Any]] | None = None
    ) -> PrintedSentence:
        if rows is not None:
            tables[mart] = rows
        pack = make_pack(
            f"keys: {{{mart}: [{key}]}}\n"
            f"items: [{{sentence: '{{x}}', mart: {mart}, facts: {{x: {fact}}}}}]"
        )
        (item,) = compose(pack, make_release(tables)).items
        assert isinstance(item, PrintedSentence)
        return item

    return compute


def test_top_three_by_visits_is_the_printed_one(say: Say) -> None:
    fact = "{top: app, by: weekly_avg_visits}"
    assert say(fact, "web_traffic_week", "app").text == (
        "ChatGPT（816.0百万次）、Bing（408.4百万次）、Canva（174.8百万次）"
    )


def test_top_three_by_stay_prints_minutes_and_seconds(say: Say) -> None:
    fact = "{top: app, by: avg_visit_duration, n: 2}"
    said = say(fact, "web_traffic_week", "app")
    assert said.text == "Discord（12:26）、Canva（8:01）"
    assert [trace.raw for trace in said.traces] == [746, 481]


def test_ranking_uses_unrounded_values_and_breaks_ties_by_key(say: Say, tables: Tables) -> None:
    rows = tables["index_changes"][:4]
    for row, change in zip(rows, (0.01001, 0.01004, 0.02, 0.02)):
        row["change_this_week"] = change
    # Codes: HXC.GI before SOX.GI at the tie; 1.004 % before 1.001 % though both print 1.00.
    fact = "{top: index_code, by: change_this_week, n: 4}"
    assert say(fact, "index_changes", "index_code", rows).text == (
        "HXC.GI（+2.00%）、SOX.GI（+2.00%）、IXIC.GI（+1.00%）、SPX.GI（+1.00%）"
    )


def test_losers_never_stand_among_the_winners(say: Say) -> None:
    fact = "{top: company, by: change_week, is: '> 0'}"
    assert say(fact, "company_changes", "code").text == "样例芯片（+6.67%）"


def test_empty_ranking_says_none(say: Say) -> None:
    fact = "{top: company, by: change_week, is: '> 50%'}"
    assert say(fact, "company_changes", "code").text == "无"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("{count_where: change_this_week, is: '> 0'}", "2"),
        ("{count_where: change_this_week, is: '< -5%'}", "2"),
        ("{count_where: change_this_week, is: missing}", "1"),
        ("{share_where: change_this_week, is: '> 0'}", "40.0%"),
        ("{share_word: change_this_week, is: '< 0'}", "6成"),
        ("{names_where: index_code, by: change_this_week, is: '> 0'}", "HXC.GI、HSTECH.HI"),
        ("{move: change_this_week, where: {index_code: SPX.GI}}", "下跌3.05%"),
        ("{move: change_this_week, where: {index_code: HXC.GI}}", "上涨2.09%"),
        ("{move: change_last_week, where: {index_code: IXIC.GI}}", "微跌0.45%"),
        ("{move: change_this_week, where: {index_code: CI005027.WI}}", "–"),
        ("{value: pe_ttm, where: {index_code: SPX.GI}}", "24.82倍"),
        ("{dates: session_on}", "2024-10-17 至 2024-10-18"),
        ("{dates: session_on, where: {market: US}}", "2024-10-17"),
    ],
)
def test_function_says_what_the_rows_say(say: Say, fact: str, expected: str) -> None:
    assert say(fact, "index_changes", "index_code").text == expected


def test_move_that_prints_zero_is_unchanged(say: Say, tables: Tables) -> None:
    rows = tables["index_changes"][:1]
    rows[0]["change_this_week"] = -0.00004
    said = say("{move: change_this_week}", "index_changes", "index_code", rows)
    assert said.text == "持平"
    assert said.traces[0].raw == -0.00004


def test_yields_and_fixings_have_words_of_their_own(say: Say) -> None:
    fact = "{move: change, words: yield, where: {series_id: cn_10y}}"
    assert say(fact, "rates_fx", "series_id").text == "下行2.97bp"
    fact = "{move: change, words: fixing, where: {series_id: usd_cny}}"
    assert say(fact, "rates_fx", "series_id").text == "调升79.00点"


def test_company_in_two_segments_counts_once_where_asked(say: Say, tables: Tables) -> None:
    rows = tables["company_changes"]
    rows.append({**rows[0], "segment_cn": "应用"})
    key = "segment_cn, code"
    counted = "{count_where: change_week, is: '> 0'}"
    assert say(counted, "company_changes", key, rows).text == "2"
    counted = "{count_where: change_week, is: '> 0', distinct: code}"
    assert say(counted, "company_changes", key, rows).text == "1"


def test_value_of_several_rows_is_refused(say: Say) -> None:
    with pytest.raises(PackError, match="6 rows of index_changes match, one is needed"):
        say("{value: pe_ttm}", "index_changes", "index_code")


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.6817", "超6成"), ("0.6", "6成"), ("0.55", "超半数"), ("0.5", "半数"),
     ("0.45", "超4成"), ("0.05", "不足1成"), ("0", "0成"), ("1", "全部")],
)  # fmt: skip
def test_share_in_tenths(share: str, words: str) -> None:
    assert share_words(Decimal(share)) == words


BOARD = "board: lmarena, category: overall, leaderboard_date: '2024-10-16'"
RANK = "{{rank: {rank}, of: model, named: {model}, where: {{{board}}}}}"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("o1-preview", "第1（与ChatGPT-4o-latest (2024-09-03)并列）"),
        ("o1-mini", "第3（与Gemini-1.5-Pro-002并列）"),
        ("Yi-Lightning", "未上榜"),
    ],
)
def test_rank_names_those_who_share_it(say: Say, model: str, said: str) -> None:
    fact = RANK.format(rank="place", model=model, board=BOARD)
    key = "board, category, leaderboard_date, model"
    spoken = say(fact, "llm_leaderboard", key)
    assert spoken.text == said
    assert [trace.column for trace in spoken.traces] == ([] if said == "未上榜" else ["place"])


def test_a_board_without_data_is_not_one_on_which_a_model_does_not_stand(say: Say) -> None:
    other = BOARD.replace("overall", "math")
    fact = RANK.format(rank="place", model="o1-mini", board=other)
    elsewhere = fact.replace("{rank:", "{mart: llm_leaderboard, rank:")
    said = say(elsewhere, "index_changes", "index_code").text
    assert said == "本期无数据：没有类别为 math 的行。"


def test_rank_that_nobody_shares_stands_alone(say: Say, tables: Tables) -> None:
    rows = tables["llm_leaderboard"]
    for number, row in enumerate(rows):
        row["place"] = number + 1
    fact = RANK.format(rank="place", model="o1-mini", board=BOARD)
    key = "board, category, leaderboard_date, model"
    assert say(fact, "llm_leaderboard", key, rows).text == "第3"


def test_highest_and_lowest_carry_their_first_day(say: Say, tables: Tables) -> None:
    rows = tables["rates_fx"][:1]
    days = [{**rows[0], "series_id": f"d{n}", "level_on": AS_OF.replace(day=n), "level": level}
            for n, level in ((3, 4.1), (4, 4.7), (7, 4.7), (8, 3.9))]  # fmt: skip
    highest = "{highest: level, 'on': level_on}"
    assert say(highest, "rates_fx", "series_id", days).text == "4.7000%（2024-10-04）"


def test_lowest_of_no_values_is_a_dash(say: Say, tables: Tables) -> None:
    days = [{**tables["rates_fx"][0], "level": None}]
    assert say("{lowest: level, 'on': level_on}", "rates_fx", "series_id", days).text == "–"


@pytest.mark.parametrize(
    ("words", "change", "said"),
    [
        ("relative, than: 沪深300", -0.02314, "跑输沪深300 2.31个百分点"),
        ("relative, than: 沪深300", 0.02, "跑赢沪深300 2.00个百分点"),
        ("relative, than: 沪深300", -0.00004, "与沪深300持平"),
        ("wow", 0.026, "环比增长2.60%"),
        ("wow", -0.0102, "环比下降1.02%"),
        ("usage", 0.3236, "显著增长32.36%"),
        ("usage", -0.0102, "有所回落1.02%"),
    ],
)
def test_word_of_a_move_follows_the_sign_of_its_digits(
    say: Say, tables: Tables, words: str, change: float, said: str
) -> None:
    rows = [{**tables["index_changes"][0], "change_this_week": change}]
    fact = f"{{move: change_this_week, words: {words}}}"
    spoken = say(fact, "index_changes", "index_code", rows)
    assert spoken.text == said
    assert [trace.raw for trace in spoken.traces] == [change]


def test_empty_list_prints_the_pack_s_own_word(say: Say) -> None:
    fact = "{names_where: company, by: change_week, is: '> 50%', none: 无上涨公司}"
    assert say(fact, "company_changes", "code").text == "无上涨公司"


def test_than_may_use_the_facts_before_it_and_no_later_ones(
    make_release: Callable[..., ReleaseReader],
    make_pack: Callable[[str], PackSpec],
    tables: Tables,
) -> None:
    text = """
keys: {index_changes: [index_code]}
items:
  - sentence: '{x}'
    mart: index_changes
    facts:
      index: {value: index_name, where: {index_code: IXIC.GI}}
      x: {move: change_this_week, words: relative, than: '{index}', where: {index_code: SPX.GI}}
"""
    (item,) = compose(make_pack(text), make_release(tables)).items
    assert isinstance(item, PrintedSentence)
    assert item.text == "跑输纳斯达克指数 3.05个百分点"
    with pytest.raises(PackError, match=r"facts.x.than: no fact is called 'later'"):
        make_pack(text.replace("{index}", "{later}"))


@pytest.mark.parametrize(
    ("changes", "said", "bound_to"),
    [
        ((0.01, 0.02, 0.03), "持续攀升", 3),
        ((-0.01, -0.02, -0.03), "持续下滑", 3),
        ((-0.01, 0.02, 0.03), "有所提高", 1),
        ((0.01, 0.02, -0.03), "有所回落", 1),
        ((0.01, 0.02, 0.00001), "持平", 1),
        ((0.01, 0.02), "有所提高", 1),
        ((0.01, 0.02, None), "–", 0),
    ],
)
def test_trend_needs_every_one_of_its_changes(
    say: Say,
    tables: Tables,
    changes: tuple[float | None, ...],
    said: str,
    bound_to: int,
) -> None:
    row = tables["web_traffic_week"][0]
    rows = [
        {**row, "app": f"第{number}周", "period_end": AS_OF.replace(day=number + 1),
         "visits_wow": change}
        for number, change in enumerate(changes)
    ]  # fmt: skip
    spoken = say("{trend: visits_wow, 'on': period_end}", "web_traffic_week", "app", rows)
    assert (spoken.text, len(spoken.traces)) == (said, bound_to)
