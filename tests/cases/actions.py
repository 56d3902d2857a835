"""A made-up market of corporate actions whose returns are known in closed form.

Every share has a true path: daily changes from a reference price, which each action moves as an
exchange does. What is stored is less: sessions of the whole market are lost, rows of one share,
others come late, and a share shows its actions by reference prices, by printed changes, by an
adjusted close, or not at all. ``tally`` compares what the mart prints with the true path.

``python -m tests.cases.actions [STOCK_MONTHS]`` prints the table for many stock-months.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from tests.cases.desk import Desk, Row, prepare
from tests.unit.marts.mart_harness import seed_rows

START, END = date(2023, 1, 2), date(2024, 12, 31)
HOLIDAYS = {date(2023, 10, d) for d in range(2, 7)} | {date(2024, 10, d) for d in range(1, 8)}
LIMIT = 0.1
# New shares for old, as exchanges see them; 1.1 is 10转1, 0.1 a consolidation of ten to one.
RATIOS = {"CN": (1.1, 1.2, 1.3, 1.4, 1.5, 1.8, 2.0, 3.0), "HK": (0.1, 0.5, 2.0, 5.0, 1.5, 1.25)}
RATIOS["US"] = (1.25, 1.5, 2.0, 3.0, 4.0, 10.0)
# (market, how actions show): weights of a share's kind.
KINDS = {
    ("CN", "reference"): 6,
    ("CN", "printed"): 3,
    ("CN", "bare"): 3,
    ("HK", "bare"): 2,
    ("HK", "printed"): 1,
    ("US", "bare"): 1,
    ("US", "adjusted"): 2,
}
SPLIT = 1.25  # what no price return may hide
TOLERANCE = {
    "ex_right_chain": 1e-6,
    "adjusted_close": 1e-6,
    "price": 1e-6,
    "printed_chain": 2e-3,  # changes are printed with two decimals of a percent
}


def closed_days(market: str) -> set[date]:
    """The days on which the exchange of Hong Kong or New York was closed."""
    return {
        date.fromisoformat(str(row["closed_on"]))
        for row in seed_rows("market_closures")
        if row["market"] == market
    }


def sessions() -> list[date]:
    days = [START + timedelta(days=n) for n in range((END - START).days + 1)]
    return [day for day in days if day.weekday() < 5 and day not in HOLIDAYS]


@dataclass
class Day:
    on: date
    close: float
    reference: float
    ratio: float = 1.0  # of the actions since the last traded day


@dataclass
class Share:
    code: str
    market: str
    shows: str
    days: list[Day]
    lost: set[date] = field(default_factory=set)

    def between(self, base: date, end: date) -> list[Day]:
        return [day for day in self.days if base < day.on <= end]

    def last_before(self, on: date) -> Day | None:
        return next((day for day in reversed(self.days) if day.on < on), None)


def path(chance: random.Random, market: str, days: list[date]) -> list[Day]:
    """The true path of a share: every traded day with the price on which it began."""
    close, found, suspended, cash, ratio = round(chance.uniform(4, 90), 2), [], 0, 0.0, 1.0
    for on in days:
        if chance.random() < 1 / 60:
            if chance.random() < 0.5:
                ratio *= chance.choice(RATIOS[market])
            else:
                cash += round(close * chance.uniform(0.002, 0.05), 2)
        if suspended or chance.random() < 1 / 120:
            suspended = suspended - 1 if suspended else chance.randint(0, 12)
            continue
        reference = max(round((close - cash) / ratio, 2), 0.05)
        change = max(-LIMIT, min(LIMIT, chance.gauss(0, 0.02)))
        # The limits are whole cents, as the exchange rounds them.
        low, high = reference * (1 - LIMIT), reference * (1 + LIMIT)
        close = round(min(max(reference * (1 + change), low), high), 2)
        close = max(close, 0.05)
        found.append(Day(on, close, reference, ratio))
        cash, ratio = 0.0, 1.0
        if not 2 < close < 400:  # keep cents small beside prices
            close = round(chance.uniform(4, 90), 2)
            break
    return found


def shares(chance: random.Random, count: int, days: list[date]) -> Iterator[Share]:
    # The mainland's sessions are imported, with holidays of its own.
    closed = {market: closed_days(market) for market in ("HK", "US")} | {"CN": set()}
    kinds = chance.choices([*KINDS], weights=[*KINDS.values()], k=count)
    code_of = {"CN": "60{:04d}.SH", "HK": "9{:03d}.HK", "US": "ZZ{}.O"}
    for number, (market, shows) in enumerate(kinds):
        name = code_of[market].format(
            number if market != "US" else "".join(chr(65 + int(d)) for d in f"{number:04d}")
        )
        open_days = [day for day in days if day not in closed[market]]
        found = Share(name, market, shows, path(chance, market, open_days))
        # A row that a source dropped, though the share traded. Nothing but a reference price
        # tells it from a suspension.
        if shows in ("reference", "printed"):
            found.lost = {day.on for day in found.days if chance.random() < 1 / 400}
        yield found


def stored_rows(share: Share, lost: set[date]) -> Iterator[Row]:
    total = 1.0
    adjusted = {}
    for day in share.days:
        total *= day.close / day.reference
        adjusted[day.on] = total
    for day in share.days:
        if day.on in lost or day.on in share.lost:
            continue
        row: Row = {"code": share.code, "trade_date": day.on, "close": day.close}
        if share.shows == "reference":
            row["reference_close"] = day.reference
        elif share.shows == "printed":
            row["change_ratio"] = round(day.close / day.reference - 1, 4)
        elif share.shows == "adjusted":
            row |= {"adjusted_close": adjusted[day.on], "adjustment": "none"}
        yield row


DATASETS = {"CN": "a_share_bars", "HK": "hk_stock_bars", "US": "us_stock_bars"}


def load(desk: Desk, market: list[Share], lost: set[date], late: set[date]) -> None:
    """Import the market: most rows first, those of late days after them."""
    desk.take_rows("trading_days", [{"market": "CN", "trade_date": day} for day in sessions()])
    for is_late in (False, True):
        for name, dataset in DATASETS.items():
            rows = [
                row
                for share in market
                if share.market == name
                for row in stored_rows(share, lost)
                if (row["trade_date"] in late) is is_late
            ]
            if rows and desk.take_rows(dataset, rows).status != "good":
                # A person accepts what the gate held: the mart must know by itself.
                for stored in desk.zone.loads(dataset):
                    if stored.status in ("held", "rejected"):
                        desk.zone.record_decision(stored.load.load_id, "accept", "test")
                desk.build()


def month_ends() -> list[date]:
    firsts = [date(2023, m, 1) for m in range(3, 13)] + [date(2024, m, 1) for m in range(1, 13)]
    return [first - timedelta(days=1) for first in [*firsts, date(2025, 1, 1)]]


def tally(desk: Desk, market: list[Share]) -> tuple[Counter[tuple[str, str]], list[str]]:
    """What became of each stock-month, by kind of share and outcome, and which are wrong."""
    by_code = {share.code: share for share in market}
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong = []
    for as_of in month_ends():
        for row in desk.rows("company_changes", as_of.isoformat()):
            if (share := by_code.get(row["code"])) is None:
                continue
            kind = f"{share.market} {share.shows}"
            week, price = row["change_week"], row["change_price_week"]
            if row["change_week_basis"] == "ex_right_chain" and price is not None:
                steps = (1 + week) / (1 + price)
                if abs(steps / row["ex_right_factor_week"] - 1) > TOLERANCE["ex_right_chain"]:
                    wrong.append(f"{share.code} {as_of}: {steps}, not the stored steps")
            if row["change_month"] is None:
                assert row["change_month_reason"], "a blank says why"
                reason = row["change_month_reason"].partition("（")[0]
                outcomes[kind, f"blank: {reason}"] += 1
                continue
            fault = _fault(share, row, as_of)
            outcomes[kind, f"wrong: {fault}" if fault else row["change_month_basis"]] += 1
            if fault:
                wrong.append(f"{share.code} {share.shows} {as_of}: {fault}, {row}")
    return outcomes, wrong


def _fault(share: Share, row: Row, as_of: date) -> str:
    base = share.last_before(as_of.replace(day=1))
    if base is None:
        return "no base"
    held = share.between(base.on, row["session_on"])
    total = price = 1.0
    for before, day in pairwise([base, *held]):
        total *= day.close / day.reference
        price *= day.close / before.close
    basis, change = row["change_month_basis"], row["change_month"]
    if basis == "price":
        if any(day.ratio >= SPLIT or day.ratio <= 1 / SPLIT for day in held):
            return "a split in a price return"
        return "" if abs(change - (price - 1)) < TOLERANCE["price"] else "price"
    return "" if abs(change - (total - 1)) < TOLERANCE[basis] else f"total {total - 1:.6f}"


def market_of(seed: int, count: int) -> tuple[list[Share], set[date], set[date]]:
    chance = random.Random(seed)  # noqa: S311 - a market that is the same each time
    days = sessions()
    market = [share for share in shares(chance, count, days) if share.days]
    lost = {day for day in days if chance.random() < 1 / 60}
    late = {day for day in days if chance.random() < 1 / 40}
    return market, lost, late


def run(desk: Desk, seed: int, count: int) -> tuple[Counter[tuple[str, str]], list[str]]:
    market, lost, late = market_of(seed, count)
    load(desk, market, lost, late)
    return tally(desk, market)


def main(stock_months: int) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared"
        prepare(prepared)
        for seed in range(100):
            if outcomes.total() >= stock_months:
                break
            found, wrong = run(Desk(Path(folder) / str(seed), prepared), seed, 200)
            outcomes += found
            lines += wrong[:5]
    lines += [f"{kind:14} {n:6}  {outcome}" for (kind, outcome), n in sorted(outcomes.items())]
    blank = sum(n for (_, outcome), n in outcomes.items() if outcome.startswith("blank"))
    faults = sum(n for (_, outcome), n in outcomes.items() if outcome.startswith("wrong"))
    total = outcomes.total()
    lines.append(f"{total} stock-months: {faults} wrong, {blank} blank ({blank / total:.1%})")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
