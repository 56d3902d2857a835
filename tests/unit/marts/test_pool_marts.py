"""Company pools and their sub-industries: who is in, by which rule, and where it stands."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row

POOLS: list[Row] = [
    {
        "pool": "computer",
        "label_zh": "样例",
        "kind": "sw_industry",
        "selector": "71",
        "taxonomy": None,
        "excludes_beijing": True,
        "excludes_st": True,
        "includes_unlisted": False,
    }
]


def member(code: str, industry: str = "710101", since: str = "2021-01-01") -> Row:
    return {"code": code, "industry_code": industry, "effective_from": since}


def security(code: str, name: str = "样例", **fields: Any) -> Row:
    return {"code": code, "name": name, "listed_on": "2010-01-01", **fields}


def rules(
    mart: Harness,
    members: list[Row],
    securities: list[Row],
    additions: list[Row] | None = None,
) -> dict[str, tuple[str, bool]]:
    rows = mart(
        "pool",
        "2024-10-31",
        pools=POOLS,
        pool_additions=additions or [],
        sw_industry_membership=members,
        securities=securities,
    )
    assert len({row["code"] for row in rows}) == len(rows)
    return {row["code"]: (row["rule"], row["included"]) for row in rows}


def test_name_of_the_day_decides_st(mart: Harness) -> None:
    names = [
        security("000001.SZ", "ST样例", name_from="2023-05-01"),
        security("000001.SZ", "样例", name_from="2024-06-01"),
        security("000001.SZ", "*ST样例", name_from="2024-11-01"),
    ]
    got = rules(mart, [member("000001.SZ")], names)
    assert got == {"000001.SZ": ("sw_level1", True)}


def pool_of(kind: str, selector: str | None, **fields: Any) -> Row:
    return {**POOLS[0], "pool": "own", "kind": kind, "selector": selector, **fields}


def rules_of(mart: Harness, pool: Row, **rows: list[Row]) -> dict[str, tuple[str, bool]]:
    additions = rows.pop("pool_additions", [])
    got = mart("pool", "2024-10-31", pools=[pool], pool_additions=additions, **rows)
    assert len({row["code"] for row in got}) == len(got)
    return {row["code"]: (row["rule"], row["included"]) for row in got}


TAXONOMY: list[Row] = [
    {
        "taxonomy": "computer",
        "sub_industry": name,
        "label_zh": name,
        "label_en": name,
        "sort_order": order,
        "valid_from": "2018-01-01",
    }
    for order, name in enumerate(("数据中心", "云计算"), 1)
]
MAPPED_POOL: list[Row] = [{**POOLS[0], "taxonomy": "computer"}]


def place(code: str, sub_industry: str, since: str, until: str | None = None) -> Row:
    return {
        "taxonomy": "computer",
        "sub_industry": sub_industry,
        "code": code,
        "valid_from": since,
        "valid_to": until,
        "reason": "样例",
    }


def places(mart: Harness, as_of: str, members: list[Row], codes: list[str]) -> dict[str, str]:
    rows = mart(
        "pool_sub_industries",
        as_of,
        pools=MAPPED_POOL,
        pool_additions=[],
        sw_industry_membership=[member(code) for code in codes],
        taxonomy_sub_industries=TAXONOMY,
        taxonomy_members=members,
    )
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(row["is_unmapped"] == (row["sub_industry"] == "未分类") for row in rows)
    return {row["code"]: row["sub_industry"] for row in rows}


def test_reclassification_leaves_earlier_days_as_they_were(mart: Harness) -> None:
    code = "000001.SZ"
    before = [place(code, "数据中心", "2018-01-01")]
    after = [
        place(code, "数据中心", "2018-01-01", "2024-07-01"),
        place(code, "云计算", "2024-07-01"),
    ]
    for day, was, now in (
        ("2023-10-31", "数据中心", "数据中心"),
        ("2024-06-30", "数据中心", "数据中心"),
        ("2024-07-01", "数据中心", "云计算"),
        ("2024-10-31", "数据中心", "云计算"),
    ):
        assert places(mart, day, before, [code]) == {code: was}
        assert places(mart, day, after, [code]) == {code: now}, "valid_to is the first day off"


def test_company_without_a_place_is_listed_and_not_dropped(mart: Harness) -> None:
    members = [
        place("000001.SZ", "数据中心", "2018-01-01"),
        place("000002.SZ", "云计算", "2018-01-01", "2024-10-31"),
        place("000009.SZ", "云计算", "2018-01-01"),
    ]
    got = places(mart, "2024-10-31", members, ["000001.SZ", "000002.SZ", "000003.SZ"])
    assert got == {"000001.SZ": "数据中心", "000002.SZ": "未分类", "000003.SZ": "未分类"}


def test_company_that_the_rules_keep_out_has_no_sub_industry(mart: Harness) -> None:
    members = [place("430001.BJ", "数据中心", "2018-01-01")]
    assert places(mart, "2024-10-31", members, ["430001.BJ"]) == {}


def test_pool_by_level_two_of_shenwan_follows_its_membership_and_needs_no_list(
    mart: Harness,
) -> None:
    code = "000001.SZ"
    got = [
        mart(
            "pool_sub_industries",
            day,
            pools=[{**POOLS[0], "taxonomy": "sw_level2"}],
            pool_additions=[],
            sw_industry_membership=[member(code), member(code, "710401", "2024-07-01")],
            sw_industry_codes=[{"industry_code": "710400", "level1": "甲", "level2": "软件"}],
        )
        for day in ("2024-06-30", "2024-07-01")
    ]
    # The name of the first was never imported.
    assert [[row["label_zh"] for row in rows] for rows in got] == [["710100"], ["软件"]]
    assert [row["is_unmapped"] for rows in got for row in rows] == [False, False]
    assert str(got[1][0]["valid_from"]) == "2024-07-01"


def test_company_without_a_level_two_of_shenwan_is_unclassified(mart: Harness) -> None:
    codes = {"000001.SZ": "710000", "000002.SZ": "710101"}
    rows = mart(
        "pool_sub_industries",
        "2024-10-31",
        pools=[{**POOLS[0], "taxonomy": "sw_level2"}],
        pool_additions=[{"pool": "computer", "code": "000003.SZ", "reason": "样例"}],
        sw_industry_membership=[member(*entry) for entry in codes.items()],
    )
    assert {row["code"]: row["sub_industry"] for row in rows} == {
        "000001.SZ": "未分类",
        "000002.SZ": "710100",
        "000003.SZ": "未分类",
    }


LISTED = ("600001.SH", "600002.SH", "600003.SH")


def unknown_codes(mart: Harness, codes: list[str], *listed: str, **rows: Any) -> list[str]:
    places = [place(code, "云计算", "2018-01-01") for code in codes]
    reasons = rows.pop("reasons", {})
    found = mart(
        "taxonomy_codes_are_known",
        "2024-10-31",
        taxonomy_members=[{**p, "reason": reasons.get(p["code"], "软件")} for p in places],
        pool_additions=rows.pop("pool_additions", []),
        sw_industry_membership=[member(code) for code in listed],
        **rows,
    )
    return [f"{row['file']} {row['belongs_to']} {row['code']}" for row in found]


def test_code_that_no_source_names_is_found_with_its_file(mart: Harness) -> None:
    assert unknown_codes(mart, [*LISTED, "600999.SH"], *LISTED) == [
        "taxonomy_members.csv computer 600999.SH"
    ]
    additions = [{"pool": "computer", "code": "600998.SH", "reason": "软件"}]
    assert unknown_codes(mart, [*LISTED], *LISTED, pool_additions=additions) == [
        "pool_additions.csv computer 600998.SH"
    ]


def test_code_in_securities_alone_is_known(mart: Harness) -> None:
    securities = [security("600999.SH")]
    assert unknown_codes(mart, [*LISTED, "600999.SH"], *LISTED, securities=securities) == []


def test_store_that_does_not_hold_the_market_cannot_call_a_code_unknown(
    mart: Harness,
) -> None:
    assert unknown_codes(mart, [*LISTED, "000001.SZ"]) == []
    assert unknown_codes(mart, [*LISTED, "000001.SZ"], *LISTED[:1]) == []
    assert unknown_codes(mart, [*LISTED, "000001.SZ"], *LISTED) == []


def test_made_up_code_is_known_to_the_sample_or_says_that_it_is_made_up(
    mart: Harness,
) -> None:
    ours = {"999001.SH": "样例：虚构公司"}
    assert unknown_codes(mart, [*LISTED, "999001.SH"], *LISTED, reasons=ours) == []
    assert unknown_codes(mart, [*LISTED, "999999.SH"], *LISTED) == [
        "taxonomy_members.csv computer 999999.SH"
    ]
    sample = ("999001.SH", "999002.SH")
    both = {**ours, "999999.SH": "样例：虚构公司"}
    assert unknown_codes(mart, [*sample, "999999.SH"], *sample, reasons=both) == [
        "taxonomy_members.csv computer 999999.SH"
    ]


@pytest.mark.parametrize(
    ("name", "code", "is_st"),
    [
        ("ST样例", "000001.SZ", True),
        ("*ST样例", "000001.SZ", True),
        ("＊ＳＴ样例", "000001.SZ", True),
        ("st样例", "000001.SZ", True),
        ("SST样例", "000001.SZ", True),
        ("S*ST样例", "000001.SZ", True),
        ("XDST样例", "000001.SZ", True),
        ("ST样例(退)", "000001.SZ", True),
        ("样例STAR", "000001.SZ", False),
        ("S样例", "000001.SZ", False),
        ("退伍样例", "000001.SZ", False),
        ("STELLA", "STLA.N", False),
    ],
)
@pytest.mark.parametrize("name_from", ["2020-01-01", None], ids=["dated", "undated"])
def test_name_is_st_by_its_mark_and_not_by_its_letters(
    mart: Harness, name: str, code: str, is_st: bool, name_from: str | None
) -> None:
    additions = [{"pool": "own", "code": code, "reason": "样例"}]
    names = [security(code, name, name_from=name_from)]
    pool = pool_of("own_list", None)
    got = rules_of(mart, pool, pool_additions=additions, securities=names)
    out = "st" if name_from else "st_undated_name"
    assert got == {code: (out, False) if is_st else ("own_list", True)}


@pytest.mark.parametrize(
    ("name", "facts", "rule"),
    [
        ("退市样例", {"name_from": "2024-10-08"}, "delisting_period"),
        ("样例退", {"name_from": "2024-10-08"}, "delisting_period"),
        ("样例退", {}, "delisting_period"),
        ("退市样例", {"name_from": "2024-11-01"}, "own_list"),
        # A list of a later day, with the name that the share ended with.
        ("退市样例(退)", {"delisted_on": "2024-11-20"}, "delisting_period"),
        ("样例退(退)", {"delisted_on": "2025-06-30"}, "own_list"),
        ("样例(退)", {"delisted_on": "2024-11-20"}, "own_list"),
    ],
)
def test_name_of_the_delisting_period_keeps_a_share_out_in_that_period(
    mart: Harness, name: str, facts: Row, rule: str
) -> None:
    additions = [{"pool": "own", "code": "000001.SZ", "reason": "样例"}]
    names = [security("000001.SZ", name, **facts)]
    pool = pool_of("own_list", None)
    got = rules_of(mart, pool, pool_additions=additions, securities=names)
    assert got == {"000001.SZ": (rule, rule == "own_list")}


def test_undated_name_of_a_later_list_gives_way_to_that_of_the_statements(
    mart: Harness,
) -> None:
    later = {"first_seen_at": "2025-05-01 00:00:00"}
    statement = {"code": "000001.SZ", "report_period": "2024-06-30", "name": "*ST样例"}
    given: dict[str, list[Row]] = {
        "pool_additions": [{"pool": "own", "code": "000001.SZ", "reason": "样例"}],
        "income_statements": [{**statement, "announced_on": "2024-08-30"}],
    }
    listed = security("000001.SZ")
    pool = pool_of("own_list", None)
    got = rules_of(mart, pool, securities=[{**listed, **later}], **given)
    assert got == {"000001.SZ": ("st_undated_name", False)}
    assert rules_of(mart, pool, securities=[listed], **given) == {
        "000001.SZ": ("own_list", True)
    }
    dated = {**listed, **later, "name_from": "2024-09-30"}
    assert rules_of(mart, pool, securities=[dated], **given) == {
        "000001.SZ": ("own_list", True)
    }


def test_name_of_the_day_is_that_of_a_slow_search_in_any_history(mart: Harness) -> None:
    """400 companies with up to five dated names, one undated one, or both; one query."""
    dice = Random(20241031)  # noqa: S311 - repeatable, and no secret
    wanted, names = {}, []
    for number in range(400):
        code = f"002{number:03d}.SZ"
        days = sorted({date(2024, 10, 31) + timedelta(dice.randint(-40, 20)) for _ in range(5)})
        dated = [(day, dice.choice(("样例", "ST样例"))) for day in days[: dice.randint(0, 5)]]
        undated = dice.choice((None, "样例", "*ST样例")) if dated else "*ST样例"
        names += [security(code, name, name_from=str(day)) for day, name in dated]
        names += [security(code, undated)] if undated else []
        rule = "sw_level1"
        if undated and "ST" in undated:
            rule = "st_undated_name"
        for day, name in dated:
            if day <= date(2024, 10, 31):
                rule = "st" if "ST" in name else "sw_level1"
        wanted[code] = rule
    dice.shuffle(names)
    got = rules(mart, [member(code) for code in wanted], names)
    assert {code: rule for code, (rule, _) in got.items()} == wanted
    assert len({*wanted.values()}) == 3
