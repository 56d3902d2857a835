"""A file in another unit waits for a person, whatever came before it and when."""

from __future__ import annotations

import pytest

from tests.cases.desk import FILES, Desk
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import land_file
from yanbao.quality.gating import gate_pending

CASES = [
    ("income_statements_before.csv", "income_statements_q3_wan.csv", "income_statements"),
    ("fund_sizes_before.csv", "fund_sizes_q3_yi.csv", "fund_sizes"),
]


@pytest.mark.parametrize(("before", "file", "dataset"), CASES)
def test_a_file_in_another_unit_than_its_history_is_held(
    desk: Desk, before: str, file: str, dataset: str
) -> None:
    assert desk.take(before, dataset=dataset).status == "good"
    rows = len(desk.core(dataset))
    taken = desk.take(file, dataset=dataset)
    assert taken.status == "held"
    assert "times the last good" in taken.reason
    assert len(desk.core(dataset)) == rows


@pytest.mark.parametrize(("before", "file", "dataset"), CASES)
def test_it_is_held_by_a_history_that_waits_for_the_same_night(
    desk: Desk, before: str, file: str, dataset: str
) -> None:
    """Both files are judged before core is built."""
    for name in (before, file):
        land_file(desk.settings, FILES / name, dataset=BY_NAME[dataset])
    gate_pending(desk.zone, desk.store, lambda _: None)
    first, second = desk.zone.loads(dataset)
    assert (first.status, second.status) == ("good", "held")


def test_quarters_of_three_files_of_one_night_are_compared(desk: Desk) -> None:
    for number, period in enumerate(("2024-03-31", "2024-06-30", "2024-09-30"), start=1):
        path = desk.settings.home / str(number) / "income_statements.csv"
        path.parent.mkdir()
        row = statement("600001.SH", period, 1e8 * number, 1e7 * number)
        path.write_text(f"{','.join(row)}\n{','.join(map(str, row.values()))}\n")
        land_file(desk.settings, path)
    gate_pending(desk.zone, desk.store, lambda _: None)
    assert [one.status for one in desk.zone.loads("income_statements")] == ["good"] * 3


@pytest.mark.parametrize(("file", "dataset"), [(file, dataset) for _, file, dataset in CASES])
def test_it_is_held_as_the_first_file_ever(desk: Desk, file: str, dataset: str) -> None:
    taken = desk.take(file, dataset=dataset)
    assert taken.status == "held"
    assert "usual_size" in taken.reason


def statement(code: str, period: str, revenue: float, profit: float) -> dict[str, object]:
    return {
        "code": code,
        "report_period": period,
        "announced_on": f"{period[:4]}-12-31",
        "revenue_ytd": revenue,
        "net_profit_attributable_ytd": profit,
    }


def test_one_company_in_ten_thousands_is_held_and_one_that_rises_thirtyfold_is_not(
    desk: Desk,
) -> None:
    assert (
        desk.take("income_statements_before.csv", dataset="income_statements").status == "good"
    )
    period = "2024-09-30"
    one = statement("600001.SH", period, 1.54e5, 1.54e4)
    assert desk.take_rows("income_statements", [one]).status == "held"
    risen = statement("600001.SH", period, 1.54e9 * 30, 1.54e8 * 30)
    assert desk.take_rows("income_statements", [risen]).status == "good"


def test_an_accepted_step_is_the_history_of_the_next_file(desk: Desk) -> None:
    """A fund that shrank to a hundredth waits once."""
    sizes = [
        {
            "fund_code": "998001.OF",
            "as_of_date": day,
            "fund_size_cny": size,
            "size_basis": "class",
        }
        for day, size in (("2024-03-31", 7e8), ("2024-06-30", 6e6), ("2024-09-30", 5e6))
    ]
    statuses = []
    for size in sizes:
        taken = desk.take_rows("fund_sizes", [size])
        statuses.append(taken.status)
        if taken.status == "held":
            desk.zone.record_decision(taken.stored.load.load_id, "accept", "redeemed")
            desk.build()
    assert statuses == ["good", "held", "good"]


def test_old_years_behind_newer_ones_are_taken_in(desk: Desk) -> None:
    new = [statement(f"60000{n}.SH", "2024-06-30", 8e8 * n, 6e7 * n) for n in range(1, 7)]
    old = [statement(f"60000{n}.SH", "2019-06-30", 9e7 * n, 9e6 * n) for n in range(1, 7)]
    assert desk.take_rows("income_statements", new).status == "good"
    assert desk.take_rows("income_statements", old).status == "good"
    in_wan = [row | {"revenue_ytd": 5e3, "announced_on": "2019-12-30"} for row in old]
    assert desk.take_rows("income_statements", in_wan).status == "held"


def test_a_restated_file_is_compared_with_the_periods_that_it_restates(desk: Desk) -> None:
    rows = [
        statement("600001.SH", period, revenue, revenue / 10)
        for period, revenue in (("2023-03-31", 3e8), ("2023-06-30", 7e8), ("2023-12-31", 1.6e9))
    ]
    assert desk.take_rows("income_statements", rows).status == "good"
    again = [
        row | {"announced_on": "2024-04-30", "revenue_ytd": row["revenue_ytd"] * 1.1}
        for row in rows
    ]
    assert desk.take_rows("income_statements", again).status == "good"
    in_wan = [
        row
        | {
            "announced_on": "2024-05-30",
            "revenue_ytd": row["revenue_ytd"] / 1e4,
            "net_profit_attributable_ytd": row["net_profit_attributable_ytd"] / 1e4,
        }
        for row in rows
    ]
    assert desk.take_rows("income_statements", in_wan).status == "held"


def test_single_quarters_under_the_name_of_sums_are_held(desk: Desk) -> None:
    codes = [f"60000{n}.SH" for n in range(1, 7)]
    halves = [statement(code, "2024-06-30", 9.9e8, 5e7) for code in codes]
    assert desk.take_rows("income_statements", halves).status == "good"
    quarters = [statement(code, "2024-09-30", 2.6e8, 2e7) for code in codes]
    taken = desk.take_rows("income_statements", quarters)
    assert (taken.status, "do not fall" in taken.reason) == ("held", True)
    sums = [statement(code, "2024-09-30", 12.5e8, 7e7) for code in codes]
    assert desk.take_rows("income_statements", sums).status == "good"


def test_a_number_that_the_text_beside_it_prints_otherwise_is_held(desk: Desk) -> None:
    def deals(times: float) -> list[dict[str, object]]:
        return [
            {
                "company": f"样例{n}",
                "announced_on": "2024-10-16",
                "round": "A轮",
                "amount_text": f"近{n}亿元",
                "amount_number": n * times,
                "amount_scale": "亿",
            }
            for n in (1, 2, 3)
        ]

    assert desk.take_rows("funding_rounds", deals(1)).status == "good"
    taken = desk.take_rows("funding_rounds", deals(100))
    assert taken.status == "held"
    assert "the number that amount_text prints" in taken.reason
