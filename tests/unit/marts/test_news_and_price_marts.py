"""News, policies and GPU prices: which window a row belongs to, and what a change is over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row

AS_OF = "2024-10-31"


def item(published_on: str, headline: str, event_on: str | None = None) -> Row:
    return {
        "section": "样例栏目",
        "published_on": published_on,
        "event_on": event_on,
        "headline": headline,
        "available_on": published_on,
    }


def news(mart: Harness, rows: list[Row], **days: Any) -> list[Row]:
    return mart("news_period", days.pop("as_of", AS_OF), **days, news_items=rows)


def headlines(rows: list[Row], period: str) -> list[str]:
    return [row["headline"] for row in rows if row["period"] == period]


def test_item_of_the_week_is_printed_in_the_week_and_in_the_month(mart: Harness) -> None:
    rows = news(mart, [item("2024-10-28", "周内"), item("2024-10-27", "周前")])
    assert headlines(rows, "week") == ["周内"]
    assert headlines(rows, "month") == ["周前", "周内"]


def test_week_that_began_in_the_month_before_keeps_its_first_days(mart: Harness) -> None:
    rows = news(mart, [item("2024-10-31", "周四")], as_of="2024-11-01")
    assert (headlines(rows, "week"), headlines(rows, "month")) == (["周四"], [])


def test_item_published_after_the_report_day_is_not_printed(mart: Harness) -> None:
    rows = [item("2024-11-01", "次日"), item("2024-10-31", "当日")]
    assert headlines(news(mart, rows), "month") == ["当日"]
    assert headlines(news(mart, rows, known_at="2024-10-30"), "month") == []


def test_event_outside_the_window_is_printed_with_its_day_and_marked(mart: Harness) -> None:
    rows = news(mart, [item("2024-10-30", "旧闻", "2023-10-30"), item("2024-10-30", "新闻")])
    got = {r["headline"]: (str(r["event_on"]), r["is_event_in_window"]) for r in rows}
    assert got == {"旧闻": ("2023-10-30", False), "新闻": ("2024-10-30", True)}


def document(issued_on: str, published_on: str | None, title: str) -> Row:
    return {
        "issued_on": issued_on,
        "published_on": published_on,
        "issuer": "样例部门",
        "title": title,
        "available_on": published_on or issued_on,
    }


def test_document_enters_the_window_of_its_publication_with_its_day_of_issue(
    mart: Harness,
) -> None:
    rows = mart(
        "policies_period",
        AS_OF,
        policies=[
            document("2024-09-20", "2024-10-09", "九月印发"),
            document("2024-10-10", None, "十月印发"),
            document("2024-10-30", "2024-11-04", "十一月公布"),
        ],
    )
    got = {row["title"]: row["is_issued_in_window"] for row in rows}
    assert got == {"九月印发": False, "十月印发": True}


def quote(day: str, new: float | None, used: float | None, currency: str = "USD") -> Row:
    return {
        "gpu": "样例卡",
        "marketplace": "样例市场",
        "quoted_on": day,
        "price_new": new,
        "price_used": used,
        "currency": currency,
        "available_on": day,
    }


def series(mart: Harness, rows: list[Row], condition: str) -> list[Row]:
    found = mart("gpu_price_series", AS_OF, gpu_prices=rows)
    return [row for row in found if row["condition"] == condition]


def test_new_and_used_are_series_of_their_own_with_their_own_base(mart: Harness) -> None:
    rows = [quote("2024-10-01", 100.0, None), quote("2024-10-08", 110.0, 60.0)]
    rows.append(quote("2024-10-15", 99.0, 66.0))
    new, used = series(mart, rows, "new"), series(mart, rows, "used")
    assert [row["change"] for row in new] == [0, pytest.approx(0.1), pytest.approx(-0.01)]
    assert [row["change_previous"] for row in new] == [
        None,
        pytest.approx(0.1),
        pytest.approx(-0.1),
    ]
    assert [(str(row["base_on"]), row["change"]) for row in used] == [
        ("2024-10-08", 0),
        ("2024-10-08", pytest.approx(0.1)),
    ]
    assert [row["is_latest"] for row in used] == [False, True]


def test_base_is_the_first_quote_within_twelve_months(mart: Harness) -> None:
    rows = [quote("2023-10-30", 50.0, None), quote("2023-10-31", 80.0, None)]
    rows.append(quote("2024-10-31", 100.0, None))
    got = series(mart, rows, "new")
    assert [str(row["quoted_on"]) for row in got] == ["2023-10-31", "2024-10-31"]
    assert got[-1]["change"] == pytest.approx(0.25)


def test_prices_in_two_currencies_are_never_compared(mart: Harness) -> None:
    rows = [quote("2024-10-01", 100.0, None), quote("2024-10-08", 700.0, None, "CNY")]
    assert [row["change"] for row in series(mart, rows, "new")] == [0, 0]


def test_quote_after_the_report_day_is_not_in_the_series(mart: Harness) -> None:
    rows = [quote("2024-10-31", 100.0, None), quote("2024-11-01", 120.0, None)]
    (row,) = series(mart, rows, "new")
    assert row["is_latest"]
