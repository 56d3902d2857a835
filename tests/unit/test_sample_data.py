"""The embedded sample: what is real, what is made up, and that its closed forms hold."""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from orchestration.datasets import BY_NAME, Column

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE = CHECKOUT / "sample_data"
TABLES = CHECKOUT.parent / "shared" / "reference" / "report_tables"
# Exports stand in vendors' layouts; their mappings have tests of their own.
FILES = sorted(p for p in SAMPLE.glob("*/*.csv") if p.parent.name != "exports")
MADE_UP = "样例：虚构数据"
FACTUAL_NOTES = {"trading_days": "交易日历", "sw_industry_codes": "申万行业分类2021"}
NAME_COLUMNS = ("name", "fund_name", "company", "fund_company")
RETURNS = ("return_1m", "return_3m", "return_6m")
CODE_COLUMNS = ("code", "fund_code", "index_code", "listing_code")


def _load(name: str) -> ModuleType:
    """A module of the sample by its path: the folder is not a package."""
    spec = importlib.util.spec_from_file_location(name, SAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


market = _load("make_made_up_market")
prices, statements = market.prices, market.statements_form


@cache
def rows(folder: str, dataset: str) -> tuple[dict[str, str], ...]:
    with (SAMPLE / folder / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _rows_of(path: Path) -> tuple[dict[str, str], ...]:
    return rows(path.parent.name, path.stem)


def _file_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _fault(column: Column, cell: str) -> str:
    """Why a cell does not satisfy its declaration; empty where it does."""
    if not cell:
        return "required" if column.required else ""
    numeric = column.kind in ("decimal", "integer")
    low, high = column.minimum, column.maximum
    faults = {
        "not allowed": column.allowed and cell not in column.allowed,
        "not the pattern": column.pattern and not re.fullmatch(column.pattern, cell),
        "not an ISO date": column.kind == "date"
        and date.fromisoformat(cell).isoformat() != cell,
        "not an integer": column.kind == "integer" and not re.fullmatch(r"-?\d+", cell),
        "too low": numeric and low is not None and float(cell) < low,
        "too high": numeric and high is not None and float(cell) > high,
    }
    return ", ".join(fault for fault, found in faults.items() if found)


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_header_is_declared_and_holds_every_required_column(path: Path) -> None:
    header, dataset = set(_rows_of(path)[0]), BY_NAME[path.stem]
    assert header <= set(dataset.column_names)
    assert set(dataset.required_columns) | {"source_note"} <= header


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_every_cell_satisfies_its_declaration(path: Path) -> None:
    faults = [
        (name, cell, fault)
        for row in _rows_of(path)
        for name, cell in row.items()
        if (fault := _fault(BY_NAME[path.stem].column(name), cell))
    ]
    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=_file_id)
def test_keys_are_unique(path: Path) -> None:
    key = BY_NAME[path.stem].key
    counts = Counter(tuple(row.get(name, "") for name in key) for row in _rows_of(path))
    assert [found for found, times in counts.items() if times > 1] == []


def test_files_stay_small_enough_for_a_repository() -> None:
    assert max(path.stat().st_size for path in FILES) < 900_000
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*.*")) < 3_000_000


@pytest.mark.parametrize("path", sorted((SAMPLE / "made_up").glob("*.csv")), ids=_file_id)
def test_made_up_rows_say_so_and_carry_made_up_names(path: Path) -> None:
    note = FACTUAL_NOTES.get(path.stem, MADE_UP)
    assert {row["source_note"] for row in _rows_of(path)} == {note}
    names = {row[name] for row in _rows_of(path) for name in NAME_COLUMNS if row.get(name)}
    assert [name for name in names if not name.startswith(("样例", "ST样例"))] == []


@pytest.mark.parametrize("path", sorted((SAMPLE / "transcribed").glob("*.csv")), ids=_file_id)
def test_transcribed_rows_name_their_report_and_hold_nothing_made_up(path: Path) -> None:
    for row in _rows_of(path):
        assert re.match(r"00[0-4] \S", row["source_note"])
        assert not any("样例" in cell for cell in row.values())


def test_no_code_is_both_real_and_made_up() -> None:
    codes: dict[str, set[str]] = {"made_up": set(), "transcribed": set()}
    for path in FILES:
        codes[path.parent.name].update(
            row[name] for row in _rows_of(path) for name in CODE_COLUMNS if row.get(name)
        )
    assert codes["made_up"] & codes["transcribed"] == set()
    assert [code for code in codes["made_up"] if not re.match(r"999|ZZ", code)] == []


def test_regenerated_made_up_market_is_byte_identical(tmp_path: Path) -> None:
    market.write_all(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (SAMPLE / "made_up").iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in kept if kept[name] != made[name]] == []


@pytest.mark.real_data
def test_regenerated_transcription_is_byte_identical(tmp_path: Path) -> None:
    if not TABLES.is_dir():
        pytest.skip("the reports' tables are not beside the checkout")
    script = SAMPLE / "transcribe.py"
    subprocess.run([sys.executable, str(script), str(TABLES), str(tmp_path)], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (SAMPLE / "transcribed").iterdir()}
    assert made == kept


def test_transcribed_units_are_ours() -> None:
    traffic = {row["app"]: row for row in rows("transcribed", "web_traffic")}
    chatgpt = traffic["ChatGPT"]
    assert chatgpt["visits"] == "816000000"
    assert chatgpt["avg_visit_duration_seconds"] == "371"
    assert chatgpt["visits_wow_reported"] == "0.026"
    sizes = {row["fund_code"]: row for row in rows("transcribed", "fund_sizes")}
    assert sizes["159819.OF"]["fund_size_cny"] == "6574000000"


def test_transcribed_caps_fall_by_the_printed_total() -> None:
    caps = rows("transcribed", "market_caps")
    sums = Counter[str]()
    for row in caps:
        sums[row["trade_date"]] += int(row["market_cap"])
    change = Decimal(sums["2024-04-19"] - sums["2024-04-12"]) / 10**8
    assert abs(change - Decimal("-9661.66")) <= Decimal("0.04")


def test_transcribed_amount_in_words_alone_has_no_number() -> None:
    rounds = rows("transcribed", "funding_rounds")
    vague = [row for row in rounds if row["amount_qualifier"] in ("数", "数十")]
    assert len(vague) == 6
    assert {row["amount_number"] for row in vague} == {""}
    assert all(row["amount_number"] for row in rounds if row not in vague)


def test_transcribed_boards_keep_every_printed_row() -> None:
    boards = [row for row in rows("transcribed", "llm_scores") if row["board"] == "lmarena"]
    counts = Counter(row["category"] for row in boards)
    assert counts == {"overall": 15, "chinese": 14, "hard prompts": 14, "longer query": 15}


def test_transcribed_listed_funds_carry_their_exchange_code() -> None:
    listed = {row["listing_code"] for row in rows("transcribed", "funds")} - {""}
    assert listed == {
        "159702.SZ",
        "159819.SZ",
        "512930.SH",
        "515070.SH",
        "515980.SH",
        "517800.SH",
    }


def test_bars_obey_amount_range_and_share_count() -> None:
    shares: dict[str, set[Decimal]] = {}
    for row in rows("made_up", "a_share_bars"):
        low, high, close = (Decimal(row[name]) for name in ("low", "high", "close"))
        average = Decimal(row["amount_cny"]) / Decimal(row["volume_shares"])
        assert low <= min(Decimal(row["open"]), close, average)
        assert high >= max(Decimal(row["open"]), close, average)
        shares.setdefault(row["code"], set()).add(Decimal(row["market_cap_cny"]) / close)
    assert {len(found) for found in shares.values()} == {1}


def _bars_of(code: str) -> list[dict[str, str]]:
    return [row for row in rows("made_up", "a_share_bars") if row["code"] == code]


def test_reference_differs_from_the_previous_close_only_on_the_ex_date() -> None:
    odd = []
    for code in prices.A_SHARES:
        bars = _bars_of(code)
        for before, row in pairwise(bars):
            if row["reference_close"] != before["close"]:
                gap = Decimal(before["close"]) - Decimal(row["reference_close"])
                odd.append((code, row["trade_date"], gap))
    assert odd == [(prices.DIVIDEND_CODE, "2024-10-22", Decimal("0.80"))]


def test_suspended_stock_has_no_bars_in_its_window() -> None:
    days = {row["trade_date"] for row in _bars_of(prices.SUSPENDED_CODE)}
    missing = [day for day in market.sessions("CN") if day.isoformat() not in days]
    assert missing[0] == date(2024, 9, 23)
    assert missing[-1] == date(2024, 10, 11)
    assert len(missing) == 10


def test_only_the_streaks_close_at_their_limit() -> None:
    at_limit = Counter[str]()
    for row in rows("made_up", "a_share_bars"):
        change = Decimal(row["close"]) / Decimal(row["reference_close"]) - 1
        at_limit[row["code"]] += change > Decimal("0.045") or change < Decimal("-0.045")
    assert +at_limit == {"999102.SZ": 3, "999103.SZ": 2}
    assert _bars_of("999102.SZ")[-1]["trade_date"] == "2024-10-31"


def _change(bars: list[dict[str, str]], base_before: str, end_before: str) -> float | None:
    """From the file alone: last close before one day to the last before another."""
    bases = [float(row["close"]) for row in bars if row["trade_date"] < base_before]
    ends = [float(row["close"]) for row in bars if row["trade_date"] < end_before]
    return ends[-1] / bases[-1] - 1 if bases else None


WINDOWS = {
    "change_this_week": ("2024-10-28", "2024-11-01"),
    "change_last_week": ("2024-10-21", "2024-10-28"),
    "change_this_month": ("2024-10-01", "2024-11-01"),
    "change_this_year": ("2024-01-01", "2024-11-01"),
    "change_prev_year": ("2023-01-01", "2024-01-01"),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_expected_index_changes_agree_with_the_file(window: str) -> None:
    expected = market.expected_index_changes(market.AS_OF)
    assert len(expected) == 6
    for code, changes in expected.items():
        bars = [row for row in rows("made_up", "index_bars") if row["index_code"] == code]
        assert changes[window] == pytest.approx(_change(bars, *WINDOWS[window]), abs=1e-12)


@pytest.mark.parametrize("window", WINDOWS)
def test_expected_stock_changes_agree_with_the_file(window: str) -> None:
    expected = market.expected_stock_changes(market.AS_OF)
    assert prices.DELISTED_CODE not in expected
    for code in set(expected) & set(prices.A_SHARES):
        found = _change(_bars_of(code), *WINDOWS[window])
        plain = expected[code][f"price_{window}"]
        assert (plain is None) == (found is None)
        if found is not None:
            assert plain == pytest.approx(found, abs=1e-12)


def test_total_return_of_the_dividend_stock_chains_over_its_reference() -> None:
    chain = 1.0
    for row in _bars_of(prices.DIVIDEND_CODE):
        if row["trade_date"] > "2024-09-30":
            chain *= float(row["close"]) / float(row["reference_close"])
    changes = market.expected_stock_changes(market.AS_OF)[prices.DIVIDEND_CODE]
    assert changes["change_this_month"] == pytest.approx(chain - 1, abs=1e-12)
    assert changes["change_this_month"] > changes["price_change_this_month"]


def test_stock_listed_in_october_has_no_month_base() -> None:
    changes = market.expected_stock_changes(market.AS_OF)[prices.NEW_CODE]
    assert changes["change_this_month"] is None
    assert changes["change_last_week"] is not None


def test_adjusted_navs_chain_the_distribution() -> None:
    for code in ("999003.OF", "999004.OF"):
        navs = [row for row in rows("made_up", "fund_navs") if row["fund_code"] == code]
        for before, row in pairwise(navs):
            paid = float(row["distribution"] or 0)
            unit = (float(row["nav"]) + paid) / float(before["nav"])
            adjusted = float(row["nav_adjusted"]) / float(before["nav_adjusted"])
            assert adjusted == pytest.approx(unit, abs=1e-9)
        assert sum(bool(row["distribution"]) for row in navs) == 1


def test_expected_fund_returns_agree_with_the_file() -> None:
    expected = market.expected_fund_returns(market.AS_OF)
    bases = dict(zip(RETURNS, ("2024-09-30", "2024-07-31", "2024-04-30")))
    for code, returns in expected.items():
        navs = [row for row in rows("made_up", "fund_navs") if row["fund_code"] == code]
        for name, base_on in bases.items():
            base = [row for row in navs if row["nav_date"] <= base_on]
            if not base:
                assert returns[name] is None
                continue
            found = float(navs[-1]["nav_adjusted"]) / float(base[-1]["nav_adjusted"]) - 1
            assert returns[name] == pytest.approx(found, abs=1e-12)
    assert [code for code in expected if expected[code]["return_6m"] is None] == [
        "999005.OF",
        "999006.OF",
    ]


def test_a_class_never_returns_less_than_its_c_class() -> None:
    expected = market.expected_fund_returns(market.AS_OF)
    for number in (1, 3, 5, 7):
        a_class = expected[f"{999000 + number}.OF"]
        c_class = expected[f"{999001 + number}.OF"]
        assert a_class["nav"] > c_class["nav"]
        for name in RETURNS:
            assert a_class[name] is None or a_class[name] >= c_class[name]


def test_half_year_ends_have_navs_though_they_are_no_sessions() -> None:
    days = {row["nav_date"] for row in rows("made_up", "fund_navs")}
    assert {"2022-12-31", "2023-12-31", "2024-06-30"} <= days
    assert date(2024, 6, 30) not in market.sessions("CN")


def test_one_fund_stopped_publishing_forty_days_before_the_as_of_day() -> None:
    last = {row["fund_code"]: row["nav_date"] for row in rows("made_up", "fund_navs")}
    assert last["999007.OF"] == last["999008.OF"] == "2024-09-20"
    assert Counter(last.values())["2024-10-31"] == 6


def _cumulative(code: str, period: str, column: str) -> int:
    """The latest version of a cumulative statement in the file."""
    found = [
        row
        for row in rows("made_up", "income_statements")
        if (row["code"], row["report_period"]) == (code, period)
    ]
    return int(max(found, key=lambda row: row["announced_on"])[column])


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_expected_quarters_are_differences_of_the_filed_cumulatives(year: int) -> None:
    columns = {
        "revenue": "revenue_ytd",
        "net_profit_attributable": "net_profit_attributable_ytd",
    }
    for code in statements.COMPANIES:
        expected = market.expected_quarter(code, year, 3)
        for name, column in columns.items():
            nine = _cumulative(code, f"{year}-09-30", column)
            half = _cumulative(code, f"{year}-06-30", column)
            assert expected[name] == nine - half


def _status(base: int, current: int) -> str:
    """The partition of FORMULAS F13, written out once more."""
    if current == base:
        return "持平"
    if base > 0:
        return "正增长" if current > base else "利润下滑" if current >= 0 else "转亏"
    if current > 0:
        return "扭亏"
    if base == 0:
        return "转亏"
    return "亏损收窄" if current > base else "亏损扩大"


def test_every_profit_status_occurs_and_is_the_expected_one() -> None:
    for code in statements.COMPANIES:
        base = market.expected_quarter(code, 2023, 3)["net_profit_attributable"]
        current = market.expected_quarter(code, 2024, 3)["net_profit_attributable"]
        assert statements.profit_status(code) == _status(base, current)
    counts = Counter(map(statements.profit_status, statements.COMPANIES))
    assert set(counts) == set(statements.PROFIT_LINES)
    assert min(counts.values()) >= 2


def test_restated_periods_have_a_second_later_version() -> None:
    versions = Counter(
        (row["code"], row["report_period"]) for row in rows("made_up", "income_statements")
    )
    restated = {key for key, times in versions.items() if times > 1}
    assert restated == {("999003.SH", "2024-06-30"), ("999006.SH", "2023-12-31")}
    assert statements.announced_on("999006.SH", date(2024, 9, 30)) < date(2024, 10, 31)


def test_statements_are_announced_after_their_period_and_by_the_as_of_day() -> None:
    for row in rows("made_up", "income_statements"):
        assert row["report_period"] < row["announced_on"] <= market.AS_OF.isoformat()


def test_eighteen_companies_are_in_computers_and_one_moved_there() -> None:
    latest: dict[str, str] = {}
    for row in rows("made_up", "sw_industry_membership"):
        latest[row["code"]] = row["industry_code"]
    assert sum(code.startswith("71") for code in latest.values()) == 18
    moved = Counter(row["code"] for row in rows("made_up", "sw_industry_membership"))
    assert [code for code, times in moved.items() if times > 1] == ["999011.SH"]


def test_st_stock_had_a_dated_name_without_st_before() -> None:
    names = [row for row in rows("made_up", "securities") if row["code"] == prices.ST_CODE]
    assert [row["name"] for row in names] == ["样例软件", "ST样例软件"]
    assert names[0]["name_from"] < names[1]["name_from"] == "2024-05-06"
