"""A made-up market of funds whose total returns are known in closed form.

Every fund is drawn from a seed: its daily growth, its distributions, splits and consolidations,
how its vendor writes cumulative and adjusted NAVs, which days are lost, and which cells are
missing. The returns come from the published unit NAVs and the actions alone, never from the
columns that the mart reads to find the actions.

``python -m tests.unit.marts.fund_months 5000`` runs as many funds through the compiled mart
and prints what came out by basis and by reason.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.unit.marts.mart_harness import Harness, Row

AS_OF = date(2024, 10, 31)
FIRST = date(2024, 3, 25)
BASES = {1: date(2024, 9, 30), 3: date(2024, 7, 31), 6: date(2024, 4, 30)}
SPLITS = (1.25, 4 / 3, 1.5, 2.0, 3.0, 10.0, 0.5, 1 / 3)
SIMPLE, PRICE = "分红不再投资", "单位净值涨跌"
THEME: Row = {"theme": "ai", "label_zh": "样例", "name_contains": "样例主题"}


def sessions() -> list[date]:
    """Weekdays of seven months without the week of the National Day."""
    days = (FIRST + timedelta(n) for n in range((AS_OF - FIRST).days + 1))
    holiday = (date(2024, 10, 1), date(2024, 10, 7))
    return [day for day in days if day.weekday() < 5 and not holiday[0] <= day <= holiday[1]]


@dataclass
class Fund:
    """One fund: its published days, and what a feed keeps of them."""

    code: str
    days: list[date]
    navs: list[float]
    paid: list[float]
    units: list[float]
    rows: dict[date, Row] = field(default_factory=dict)

    def expected(self, months: int) -> dict[str, float | None]:
        """Returns by kind from the true base to the last day that the feed holds.

        Empty where the feed lost the base; without ``price`` where a split lies between.
        """
        start = max(
            (n for n, day in enumerate(self.days) if day <= BASES[months]), default=None
        )
        if start is None or not self.rows or self.days[start] not in self.rows:
            return {}
        end = self.days.index(max(self.rows))
        steps = range(start + 1, end + 1)
        total = math.prod(
            (self.navs[n] + self.paid[n]) * self.units[n] / self.navs[n - 1] for n in steps
        )
        is_split = any(self.units[n] != 1 for n in steps)
        price = self.navs[end] / self.navs[start]
        simple = (self.navs[end] + sum(self.paid[n] for n in steps)) / self.navs[start]
        return {
            "total": total - 1,
            "price": None if is_split else price - 1,
            "simple": (total if is_split else simple) - 1,
        }

    def slack(self, months: int) -> float:
        """How far rounding to 1/10,000 of a yuan moves a return."""
        least = min(self.navs)
        return 4e-4 / least * (1 + abs(self.expected(months).get("total") or 0))


def draw(code: str, dice: random.Random) -> Fund:
    """A fund with its actions and its feed's faults."""
    days = sessions()
    if dice.random() < 0.1:
        days = [day for day in days if day.weekday() == 4]
    nav = dice.choice((0.8, 1.0, 1.35, 2.4, 4.1))
    scale = math.sqrt(5) if len(days) < 50 else 1
    fund = Fund(code, days, [], [], [])
    at_split = dice.randrange(1, len(days)) if dice.random() < 0.35 else None
    payments = (
        {dice.randrange(1, len(days)) for _ in range(dice.choice((1, 1, 2, 4)))}
        if dice.random() < 0.5
        else set()
    )
    for n in range(len(days)):
        units = dice.choice(SPLITS) if n == at_split else 1.0
        growth = math.exp(dice.gauss(0.0004, 0.012 * scale)) if n else 1.0
        full = nav * growth / units
        paid = round(full * dice.choice((0.004, 0.02, 0.06, 0.15)), 4) if n in payments else 0.0
        # The action stands between two NAVs of which both are known exactly as printed.
        nav = max(round(full - paid, 4), 0.01)
        fund.navs.append(nav)
        fund.paid.append(paid)
        fund.units.append(units)
    _publish(fund, dice)
    return fund


def _publish(fund: Fund, dice: random.Random) -> None:
    """What a feed holds: the vendor's columns, without the days and cells that were lost."""
    convention = dice.choice(("scaled", "scaled", "added", "ignored"))
    adjusted_way = dice.choice(
        ("none", "none", "none", "none", "back", "forward", "mixed", "one_end")
    )
    missing = dice.choice(("none", "none", "all", "some", "first", "last"))
    says = dice.random() < 0.25
    cumulatives = _cumulatives(fund, convention, dice.choice((0.0, 0.0, 0.31)))
    back = _back_adjusted(fund)
    cut = dice.randrange(1, len(fund.days))
    lost = 0.04 if dice.random() < 0.5 else 0.0
    for n, day in enumerate(fund.days):
        if dice.random() < lost:
            continue
        row: Row = {"fund_code": fund.code, "nav_date": day.isoformat(), "nav": fund.navs[n]}
        keeps = {
            "none": True,
            "all": False,
            "some": dice.random() > 0.1,
            "first": day > date(2024, 10, 10),
            "last": day < date(2024, 10, 20),
        }[missing]
        row["nav_cumulative"] = round(cumulatives[n], 4) if keeps else None
        of_day = {
            "none": None,
            "back": back[n],
            "forward": back[n] / back[-1] * fund.navs[-1],
            # The first file was rescaled to its last day, the second to its own.
            "mixed": back[n]
            / back[cut if n <= cut else -1]
            * fund.navs[cut if n <= cut else -1],
            "one_end": back[n] if n > cut else None,
        }[adjusted_way]
        row["nav_adjusted"] = None if of_day is None else round(of_day, 6)
        row["distribution"] = fund.paid[n] or None if says else None
        row["load_id"] = "load-002" if adjusted_way == "mixed" and n > cut else "load-001"
        fund.rows[day] = row


def _cumulatives(fund: Fund, convention: str, paid_before: float) -> list[float]:
    """Unit NAV plus what was paid, as a vendor writes it over a split."""
    found, units, paid = [], 1.0, paid_before
    for n, nav in enumerate(fund.navs):
        if convention == "scaled":
            units *= fund.units[n]
        elif convention == "added":
            paid += (nav + fund.paid[n]) * (fund.units[n] - 1)
        paid += fund.paid[n] * units
        found.append(nav * units + paid)
    return found


def _back_adjusted(fund: Fund) -> list[float]:
    found = [fund.navs[0]]
    for n in range(1, len(fund.navs)):
        growth = (fund.navs[n] + fund.paid[n]) * fund.units[n] / fund.navs[n - 1]
        found.append(found[-1] * growth)
    return found


def market(funds: int, seed: int) -> list[Fund]:
    """Funds with codes of the made-up market."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    return [draw(f"{980000 + n:06d}.OF", dice) for n in range(funds)]


def printed(mart: Harness, funds: Sequence[Fund]) -> dict[str, Row]:
    """The rows of the compiled mart, by fund."""
    rows = mart(
        "theme_fund_returns",
        AS_OF.isoformat(),
        fund_navs=[row for fund in funds for row in fund.rows.values()],
        trading_days=[{"market": "CN", "trade_date": d.isoformat()} for d in sessions()],
        fund_themes=[THEME],
        fund_theme_members=[],
        funds=[{"fund_code": fund.code, "fund_name": "样例主题"} for fund in funds],
    )
    return {row["fund_code"]: row for row in rows}


@dataclass
class Found:
    """What a market printed: counts by window and words, and every wrong number."""

    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    unpaid: int = 0  # returns of unit NAV alone over a distribution, named as such


def judge(funds: Sequence[Fund], rows: dict[str, Row]) -> Found:
    """Each printed return against the closed form of the basis that it names."""
    found = Found()
    for fund in funds:
        row = rows[fund.code]
        for months in BASES:
            value, basis = row[f"return_{months}m"], row[f"return_{months}m_basis"]
            found.counts[months, basis or row[f"return_{months}m_reason"]] += 1
            if value is None:
                continue
            kind = "simple" if SIMPLE in basis else "price" if PRICE in basis else "total"
            right = fund.expected(months)
            expected = right.get(kind)
            if expected is None or abs(value - expected) > fund.slack(months):
                found.wrong.append(f"{fund.code} {months}m {basis}: {value} not {right}")
            elif kind == "price" and abs(value - (right["total"] or 0)) > fund.slack(months):
                found.unpaid += 1
    return found


def main(arguments: Sequence[str]) -> int:
    """Print the counts of a market of as many funds as the first argument says."""
    from tests.unit.marts.conftest import compile_marts, compiled_harness

    number = int(arguments[0]) if arguments else 5000
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    funds = market(number, seed)
    with tempfile.TemporaryDirectory() as folder:
        compile_marts(Path(folder))
        rows: dict[str, Any] = printed(compiled_harness(Path(folder)), funds)
    found = judge(funds, rows)
    lines = [
        f"{months}m {count:6} {count / number:6.1%} {words}"
        for (months, words), count in sorted(found.counts.items(), key=lambda one: -one[1])
    ]
    wrong = f"{len(found.wrong)} wrong; {found.unpaid} of unit NAV alone over a distribution"
    sys.stdout.write("\n".join([*lines, wrong, *found.wrong[:20], ""]))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
