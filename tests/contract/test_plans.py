"""How a request becomes calls: windows, due periods, spellings; and what sources import."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date

import pytest

from yanbao.base.settings import PROJECT_ROOT
from yanbao.sources import SOURCES, fetches_for
from yanbao.sources.call import Request
from yanbao.sources.eastmoney_overseas import last_session, last_us_session
from yanbao.sources.plans import periods_due, window
from yanbao.sources.symbols import INDICES, eastmoney_us_symbol, source_ticker


def due(day: date) -> list[str]:
    return [period.isoformat() for period in periods_due(Request("income_statements", day))]


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2024, 1, 10), ["2023-12-31"]),
        (date(2024, 4, 15), ["2023-12-31", "2024-03-31"]),
        (date(2024, 5, 14), ["2023-12-31", "2024-03-31"]),
        (date(2024, 6, 3), []),
        (date(2024, 8, 20), ["2024-06-30"]),
        (date(2024, 11, 1), ["2024-09-30"]),
        (date(2024, 12, 2), []),
    ],
)
def test_periods_are_due_while_their_filing_window_is_open(
    day: date, periods: list[str]
) -> None:
    assert due(day) == periods


def test_previews_end_before_the_statements_do() -> None:
    request = Request("earnings_previews", date(2024, 4, 29))
    (fetch,) = fetches_for("earnings_previews")
    asked = [arguments.stamp["report_period"] for arguments in fetch.plan(request)]
    assert asked == ["2024-03-31"]


def test_no_statement_is_asked_out_of_season() -> None:
    request = Request("income_statements", date(2024, 6, 3))
    assert [list(fetch.plan(request)) for fetch in fetches_for("income_statements")] == [[], []]


def test_window_reaches_back_two_weeks_and_a_back_fill_to_its_start() -> None:
    day = date(2024, 10, 31)
    assert window(Request("index_bars", day)) == (date(2024, 10, 17), day)
    assert window(Request("index_bars", day, since=date(2020, 1, 1)))[0] == date(2020, 1, 1)


def test_back_fill_brings_new_york_sessions_of_its_days_once_they_are_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day, before = date(2024, 10, 31), date(2024, 10, 30)
    request = Request("us_stock_bars", day, since=day)
    monkeypatch.setenv("YANBAO_CLOCK", "2024-11-01T02:00:00")
    assert window(request, "US") == (before, before), "New York trades until five in Beijing"
    monkeypatch.setenv("YANBAO_CLOCK", "2024-11-02T00:30:00")
    assert window(request, "US") == (before, day)
    assert window(request) == (day, day)


def test_new_york_session_of_the_day_is_not_over_in_beijing() -> None:
    assert window(Request("index_bars", date(2024, 10, 31)), "US")[1] == date(2024, 10, 30)
    assert last_us_session(date(2024, 11, 4)) == date(2024, 11, 1)  # Monday in Beijing


def test_holidays_of_new_york_and_hong_kong_are_no_sessions() -> None:
    assert last_us_session(date(2024, 11, 29)) == date(2024, 11, 27)  # Thanksgiving between
    assert last_session("HK", date(2024, 10, 11)) == date(2024, 10, 10)  # Chung Yeung


def test_codes_are_spelled_as_each_source_wants_them() -> None:
    assert eastmoney_us_symbol("NVDA.O") == "105.NVDA"
    assert eastmoney_us_symbol("BABA.N") == "106.BABA"
    assert source_ticker("0700.HK") == "00700"
    assert source_ticker("NVDA.O") == "NVDA"


def test_every_followed_index_has_a_source() -> None:
    wanted = {symbol.index_code for symbol in INDICES}
    request = Request("index_bars", date(2024, 10, 31))
    answered = {
        part
        for fetch in fetches_for("index_bars")
        for arguments in fetch.plan(request)
        for part in arguments.answers
    }
    assert answered == wanted


def test_calls_hold_only_text_so_that_they_can_be_recorded() -> None:
    for fetch in SOURCES:
        request = Request(fetch.dataset, date(2024, 10, 31), is_weekly=True)
        for arguments in fetch.plan(request):
            assert all(isinstance(value, str) for value in arguments.recorded().values())
            assert arguments.answers != ()
            assert set(fetch.plan.stamps) <= set(arguments.stamp)


def imports_of(name: str) -> set[str]:
    tree = ast.parse((PROJECT_ROOT / "yanbao" / "sources" / name).read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_sources_never_import_dagster_and_one_module_imports_akshare() -> None:
    modules = [path.name for path in (PROJECT_ROOT / "yanbao" / "sources").glob("*.py")]
    assert [name for name in modules if "dagster" in imports_of(name)] == []
    assert [name for name in modules if "akshare" in imports_of(name)] == ["akshare_library.py"]


def test_listing_the_sources_is_cheap() -> None:
    """Staging and the command line read the declarations without pandas or the library."""
    code = (
        "import sys, yanbao.sources;"
        "heavy = {'akshare', 'pandas', 'pyarrow', 'requests'} & set(sys.modules);"
        "sys.exit(len(heavy))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT_ROOT)
