"""One company, one code, one name: whatever file it comes in, and on whatever day."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk, Row


def bars(code: str, **closes: float) -> list[Row]:
    """Bars of a code by day, written as ``d1031=10.5`` for 2024-10-31."""
    return [
        {"code": code, "trade_date": f"2024-{day[1:3]}-{day[3:]}", "close": close}
        for day, close in closes.items()
    ]


def test_hong_kong_share_of_five_digits_is_the_one_of_four(desk: Desk) -> None:
    assert desk.take("hk_five_digit_codes.csv", "hk_stock_bars").status == "good"
    assert {row["code"] for row in desk.core("daily_bars")} == {"0700.HK"}
    (row,) = [r for r in desk.rows("company_changes", "2024-10-31") if r["company"]]
    assert (row["code"], row["company"], row["close"]) == ("0700.HK", "腾讯控股", 405.0)


@pytest.mark.parametrize(
    ("dataset", "row"),
    [
        ("market_caps", {"trade_date": "2024-10-31", "market_cap": 1, "company": "样例"}),
        ("ratings", {"broker": "样例", "rated_on": "2024-10-31", "rating": "买入"}),
        ("index_constituents", {"index_code": "HSI.HI", "as_of_date": "2024-10-31"}),
        ("securities", {"name": "样例"}),
    ],
)
def test_every_dataset_that_takes_hong_kong_writes_four_digits(
    desk: Desk, dataset: str, row: Row
) -> None:
    row = {**row, "currency": "HKD", "cap_basis": "all_classes"}
    taken = desk.take_rows(dataset, [{**row, "code": "00700.HK"}])
    assert [r["code"] for r in taken.rows] == ["0700.HK"]


def test_two_spellings_of_one_key_in_a_file_are_found(desk: Desk) -> None:
    rows = [*bars("0700.HK", d1031=405.0), *bars("00700.HK", d1031=41.0)]
    taken = desk.take_rows("hk_stock_bars", rows)
    assert "0700.HK" in taken.lines
    assert taken.status != "good"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("sh.600519", "write it as 600519.SH"),
        ("600519.XSHG", "write it as 600519.SH"),
        ("600519.SS", "write it as 600519.SH"),
        ("SZ000001", "write it as 000001.SZ"),
        ("600519.0", "it was read as a number"),
        ("1.SZ", "lost their leading zeros"),
        ("000001.SH", "000001.SH is an index"),
        ("000300.SH", "000300.SH is an index"),
        ("399006.SZ", "399006.SZ is an index"),
        ("899050.BJ", "899050.BJ is an index"),
        ("510300.SH", "510300.SH is a listed fund"),
        ("159819.SZ", "159819.SZ is a listed fund"),
        ("900901.SH", "900901.SH is a B share"),
        ("200012.SZ", "200012.SZ is a B share"),
        ("113050.SH", "write the code as the dataset does"),
        ("880001.SH", "write the code as the dataset does"),
        ("999999.SH", "write the code as the dataset does"),
        ("600519.SZ", "write the code as the dataset does"),
    ],
)
def test_what_is_no_a_share_is_kept_out_of_its_bars_and_said(
    desk: Desk, code: str, hint: str
) -> None:
    good = [row for n in range(9) for row in bars(f"60000{n}.SH", d1031=10)]
    taken = desk.take_rows("a_share_bars", [*good, *bars(code, d1031=10)])
    assert taken.status == "good"
    assert len(taken.rows) == len(good)
    assert hint in taken.lines


def test_file_of_other_vendors_spellings_loads_nothing(desk: Desk) -> None:
    taken = desk.take("other_vendors_codes.csv", "a_share_bars")
    assert taken.status == "held"
    assert taken.rows == []


@pytest.mark.parametrize(
    ("dataset", "code", "hint"),
    [
        ("index_bars", "600519.SH", "600519.SH is an A share"),
        ("index_bars", "000001.SZ", "000001.SZ is an A share"),
        ("index_bars", "510300.SH", "510300.SH is a listed fund"),
        ("etf_bars", "600519.SH", "600519.SH is an A share"),
        ("etf_bars", "000300.SH", "000300.SH is an index"),
        ("us_stock_bars", "BRK_B.N", "write it as BRK-B.N"),
        ("us_stock_bars", "BRK.B.N", "write it as BRK-B.N"),
        ("us_stock_bars", "brk-b.n", "write it as BRK-B.N"),
        ("us_stock_bars", "BRK.B", "e.g. NVDA.O"),
        ("us_stock_bars", "0700.HK", "e.g. NVDA.O"),
        ("hk_stock_bars", "700.HK", "e.g. 0700.HK"),
        ("hk_stock_bars", "0700.hk", "write it as 0700.HK"),
    ],
)
def test_each_dataset_takes_codes_of_its_kind_alone(
    desk: Desk, dataset: str, code: str, hint: str
) -> None:
    column = "index_code" if dataset == "index_bars" else "code"
    row = {column: code, "trade_date": "2024-10-31", "close": 10}
    taken = desk.take_rows(dataset, [row])
    assert taken.rows == []
    assert hint in taken.lines


def one(desk: Desk, as_of: str, known_at: str | None = None) -> Row:
    (row,) = desk.rows("company_changes", as_of, known_at)
    return row


def test_history_goes_on_over_a_change_of_code(desk: Desk) -> None:
    desk.take("bars_over_a_code_change.csv", "a_share_bars")
    row = one(desk, "2025-02-28")
    assert (row["code"], row["close"], row["change_month"]) == ("302132.SZ", 72.6, 0.21)


def test_code_of_a_day_before_the_change_is_the_old_one(desk: Desk) -> None:
    desk.take("bars_over_a_code_change.csv", "a_share_bars")
    row = one(desk, "2025-02-14")
    assert (row["code"], row["close"], row["change_month"]) == ("300114.SZ", 66, 0.1)


def test_history_told_under_the_new_code_alone_prints_the_old_one_before(desk: Desk) -> None:
    days = {"2025-01-27": 60, "2025-02-14": 66, "2025-02-17": 72.6}
    rows = [{"code": "302132.SZ", "trade_date": d, "close": c} for d, c in days.items()]
    desk.take_rows("a_share_bars", rows)
    before, after = one(desk, "2025-02-14"), one(desk, "2025-02-17")
    assert (before["code"], before["change_month"]) == ("300114.SZ", 0.1)
    assert (after["code"], after["change_month"]) == ("302132.SZ", 0.21)


CHANGED = "2025-02-17"


def bar(code: str, day: str, close: float, reference: float | None = None) -> Row:
    return {
        "code": code,
        "trade_date": day,
        "close": close,
        "reference_close": reference or close,
    }


OLD = [bar("300114.SZ", "2025-01-27", 60), bar("300114.SZ", "2025-02-14", 66, 60)]
NEW = [bar("302132.SZ", "2025-02-17", 72.6, 66), bar("302132.SZ", "2025-02-28", 72.6)]


@pytest.mark.parametrize("stale_last", [True, False])
def test_old_code_on_and_after_the_day_of_change_does_not_speak_for_the_company(
    desk: Desk, stale_last: bool
) -> None:
    frozen = [bar("300114.SZ", CHANGED, 66), bar("300114.SZ", "2025-02-28", 66)]
    files = [[*OLD, *NEW], frozen] if stale_last else [[*OLD, *frozen], NEW]
    for file in files:
        desk.take_rows("a_share_bars", file)
    row = one(desk, "2025-02-28")
    assert (row["code"], row["close"], row["change_month"]) == ("302132.SZ", 72.6, 0.21)


def test_both_codes_in_one_file_on_the_day_of_change_are_one_company(desk: Desk) -> None:
    desk.take_rows("a_share_bars", [*OLD, bar("300114.SZ", CHANGED, 66), *NEW])
    assert one(desk, CHANGED)["change_month"] == 0.21


def test_file_that_keeps_the_old_code_prints_under_the_new_one(desk: Desk) -> None:
    desk.take_rows("a_share_bars", [{**r, "code": "300114.SZ"} for r in [*OLD, *NEW]])
    row = one(desk, "2025-02-28")
    assert (row["code"], row["change_month"]) == ("302132.SZ", 0.21)


def test_history_that_comes_again_under_the_new_code_replaces_the_old(desk: Desk) -> None:
    desk.take_rows("a_share_bars", [*OLD, *NEW])
    again = [bar("302132.SZ", "2025-01-27", 58), bar("302132.SZ", "2025-02-14", 66, 58)]
    desk.take_rows("a_share_bars", again)
    assert one(desk, "2025-02-28")["change_month"] == round(72.6 / 58 - 1, 8)
    assert one(desk, "2025-02-14")["code"] == "300114.SZ"


CHANGES = [
    {"old_code": "600001.SH", "new_code": "600002.SH", "changed_on": "2024-10-15"},
    {"old_code": "600002.SH", "new_code": "600003.SH", "changed_on": "2024-10-22"},
]
WEEKS = {
    "2024-09-30": 10,
    "2024-10-14": 11,
    "2024-10-15": 12,
    "2024-10-22": 13,
    "2024-10-31": 15,
}


def twice_renamed(day: str) -> str:
    return next((c["old_code"] for c in CHANGES if day < c["changed_on"]), "600003.SH")


@pytest.mark.parametrize("told_as", [None, "600001.SH", "600002.SH", "600003.SH"])
def test_code_that_a_desk_says_has_changed_twice_keeps_one_history(
    desk: Desk, told_as: str | None
) -> None:
    rows = [bar(told_as or twice_renamed(day), day, close) for day, close in WEEKS.items()]
    desk.take_rows("a_share_bars", [{**r, "reference_close": ""} for r in rows])
    assert len(desk.rows("company_changes", "2024-10-31")) == len({r["code"] for r in rows})
    desk.take_rows("code_changes", CHANGES)
    row = one(desk, "2024-10-31")
    assert (row["code"], row["close"], row["change_month"]) == ("600003.SH", 15, 0.5)
    for day in ("2024-10-14", "2024-10-15", "2024-10-22"):
        row = one(desk, day)
        assert (row["code"], row["close"]) == (twice_renamed(day), WEEKS[day])


def test_old_code_that_another_company_has_later_is_that_company(desk: Desk) -> None:
    change = {**CHANGES[0], "reused_from": "2024-10-21"}
    desk.take_rows("code_changes", [change])
    days = {"2024-09-30": 10, "2024-10-14": 11, "2024-10-21": 50, "2024-10-31": 60}
    desk.take_rows("a_share_bars", [bar("600001.SH", d, c) for d, c in days.items()])
    desk.take_rows("a_share_bars", [bar("600002.SH", "2024-10-31", 12)])
    rows = {r["code"]: r["close"] for r in desk.rows("company_changes", "2024-10-31")}
    assert rows == {"600001.SH": 60, "600002.SH": 12}
    rows = {r["code"]: r["close"] for r in desk.rows("company_changes", "2024-10-18")}
    assert rows == {"600002.SH": 11}
    rows = {r["code"]: r["close"] for r in desk.rows("company_changes", "2024-10-14")}
    assert rows == {"600001.SH": 11}


def test_lists_of_either_code_find_the_company_on_either_side(desk: Desk) -> None:
    desk.take("bars_over_a_code_change.csv", "a_share_bars")
    for code in ("300114.SZ", "302132.SZ"):
        for day, today in (("2025-02-14", "300114.SZ"), ("2025-02-28", "302132.SZ")):
            segment = {"segment_cn": "样例", "code": code, "company": "样例甲"}
            (row,) = desk.rows("company_changes", day, seeds={"watch_segments": [segment]})
            assert (row["code"], row["segment_cn"]) == (today, "样例")
            peer = {"peer_list": "own", "label_zh": "样例", "list_order": 1, "code": code}
            (row,) = desk.rows("a_share_peers", day, seeds={"peer_lists": [peer]})
            assert (row["code"], row["close"] > 0) == (today, True)


POOL = {
    "pool": "own",
    "label_zh": "样例",
    "kind": "sw_industry",
    "selector": "65",
    "taxonomy": "own",
    "excludes_beijing": True,
    "excludes_st": True,
    "includes_unlisted": False,
}


def statement(code: str, period: str, announced: str, revenue: float) -> Row:
    return {
        "code": code,
        "report_period": period,
        "announced_on": announced,
        "revenue_ytd": revenue,
        "net_profit_attributable_ytd": revenue / 10,
    }


def test_membership_statements_and_places_of_a_renamed_company_are_one(desk: Desk) -> None:
    since = [("300114.SZ", "2021-07-30"), ("302132.SZ", CHANGED)]
    desk.take_rows(
        "sw_industry_membership",
        [
            {"code": code, "effective_from": day, "industry_code": "650501"}
            for code, day in since
        ],
    )
    listed = {"name": "样例", "listed_on": "2010-08-27"}
    desk.take_rows(
        "securities",
        [
            {**listed, "code": "300114.SZ", "status": "D", "delisted_on": CHANGED},
            {**listed, "code": "302132.SZ", "listed_on": CHANGED},
        ],
    )
    desk.take_rows(
        "income_statements",
        [
            statement("300114.SZ", "2024-03-31", "2024-04-25", 1e8),
            statement("302132.SZ", "2024-03-31", "2025-04-25", 3e8),
            statement("302132.SZ", "2025-03-31", "2025-04-25", 6e8),
        ],
    )
    place = {
        "taxonomy": "own",
        "sub_industry": "甲",
        "code": "300114.SZ",
        "valid_from": "2018-01-01",
    }
    seeds: dict[str, list[Row]] = {
        "pools": [POOL],
        "pool_additions": [],
        "taxonomy_members": [place],
    }
    for day, code in (("2025-02-14", "300114.SZ"), ("2025-04-30", "302132.SZ")):
        (row,) = desk.rows("pool", day, seeds=seeds)
        assert (row["code"], row["rule"]) == (code, "sw_level1")
        (row,) = desk.rows("pool_sub_industries", day, seeds=seeds)
        assert (row["code"], row["sub_industry"]) == (code, "甲")
    rows = desk.rows("company_quarter", "2025-04-30", seeds=seeds)
    (row,) = [r for r in rows if str(r["report_period"]) == "2025-03-31"]
    assert (row["code"], row["revenue"], row["revenue_growth_yoy"]) == ("302132.SZ", 6e8, 1)
    rows = desk.rows("company_quarter", "2025-02-14", "2025-02-14", seeds=seeds)
    assert {(r["code"], r["revenue"]) for r in rows} == {("300114.SZ", 1e8)}


def test_constituents_that_keep_the_old_code_hold_the_company_once(desk: Desk) -> None:
    member = {"index_code": "930713.CSI", "as_of_date": "2025-02-28", "weight_pct": 1}
    codes = ("300114.SZ", "302132.SZ")
    desk.take_rows("index_constituents", [{**member, "code": code} for code in codes])
    pool = {**POOL, "kind": "index", "selector": "930713.CSI"}
    for day, code in (("2025-02-28", "302132.SZ"),):
        (row,) = desk.rows("pool", day, seeds={"pools": [pool], "pool_additions": []})
        assert (row["code"], row["rule"]) == (code, "index_member")


def test_names_of_the_delisting_period_are_kept_out_by_their_own_rule(desk: Desk) -> None:
    desk.take("delisting_period_names.csv", "securities")
    codes = [f"60000{n}.SH" for n in (1, 2, 3)]
    additions = [{"pool": "own", "code": code, "reason": "样例"} for code in codes]
    pool = {**POOL, "kind": "own_list", "selector": None}
    seeds: dict[str, list[Row]] = {"pools": [pool], "pool_additions": additions}
    rows = {
        r["code"]: (r["rule"], r["included"])
        for r in desk.rows("pool", "2024-10-31", seeds=seeds)
    }
    assert [rows[code] for code in codes] == [
        ("delisting_period", False),
        ("delisting_period", False),
        ("st", False),
    ]
    before = {r["rule"] for r in desk.rows("pool", "2024-09-30", seeds=seeds)}
    assert before == {"own_list"}


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("万  科Ａ", "万科A"),
        ("万 科Ａ", "万科A"),
        ("　深物业Ａ ", "深物业A"),
        ("五 粮 液", "五粮液"),
        ("＊ＳＴ 样例", "*ST样例"),
        ("TCL 科技", "TCL科技"),
        ("Example  Holdings", "Example Holdings"),
    ],
)
def test_padding_and_full_width_letters_are_one_spelling(
    desk: Desk, printed: str, name: str
) -> None:
    desk.take_rows("securities", [{"code": "000002.SZ", "name": name}])
    desk.take_rows("securities", [{"code": "000002.SZ", "name": printed}])
    assert [(r["name"], r["version"]) for r in desk.core("securities")] == [(name, 1)]
