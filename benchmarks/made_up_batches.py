"""Made-up batches for columns that the sample does not fill, or only on one day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

Random = np.random.Generator
Numbers = npt.NDArray[np.float64]
SEED = 20_241_031
CODES = [f"99{number:04d}.SZ" for number in range(1, 25)]
FUNDS = [f"99{number:04d}.OF" for number in range(1, 13)]


def made_up_batches() -> Iterator[tuple[str, pd.DataFrame]]:
    """Name of the dataset and its rows over several days; the same in every run."""
    random = np.random.default_rng(SEED)
    for name, make in BATCHES.items():
        yield name, make(random)


def _grid(names: pd.DataFrame, day: str, days: pd.DatetimeIndex) -> pd.DataFrame:
    return names.merge(pd.DataFrame({day: days}), how="cross")


def _walk(
    random: Random, entities: int, steps: int, *, median: float, spread: float, move: float
) -> Numbers:
    """Sizes that differ between entities by ``spread`` and move by ``move`` a step (logs)."""
    start = random.normal(np.log(median), spread, (entities, 1))
    moves = random.normal(0, move, (entities, steps)).cumsum(axis=1)
    sizes: Numbers = np.exp(start + moves).ravel()
    return sizes


def _bars(random: Random, *, median: float, with_caps: bool) -> pd.DataFrame:
    days = pd.bdate_range("2024-09-02", periods=30)
    rows = _grid(pd.DataFrame({"code": CODES}), "trade_date", days)
    walk = partial(_walk, random, len(CODES), len(days))
    close = walk(median=median, spread=0.8, move=0.03)
    rows = rows.assign(close=close.round(2)).assign(
        open=lambda bars: bars["close"] * random.uniform(0.98, 1.02, len(bars)),
        reference_close=lambda bars: (
            bars.groupby("code")["close"].shift().fillna(bars["close"])
        ),
    )
    inner = rows[["open", "close"]]
    rows = rows.assign(
        low=inner.min(axis=1) * 0.99,
        high=inner.max(axis=1) * 1.01,
        volume_shares=walk(median=4e6, spread=1.2, move=0.3).round(),
    )
    rows = rows.assign(amount_cny=rows["volume_shares"] * rows["close"])
    if with_caps:
        shares = np.repeat(
            _walk(random, len(CODES), 1, median=5e8, spread=1, move=0), len(days)
        )
        rows = rows.assign(
            market_cap_cny=rows["close"] * shares,
            pb=rows["close"] * np.repeat(random.uniform(0.05, 0.5, len(CODES)), len(days)),
        )
    return rows


def _statements(random: Random) -> pd.DataFrame:
    ends = pd.date_range("2021-03-31", periods=12, freq="QE")
    rows = _grid(pd.DataFrame({"code": CODES}), "report_period", ends)
    quarter = _walk(random, len(CODES), len(ends), median=4e8, spread=1.2, move=0.15)
    quarter *= np.tile([0.6, 0.9, 1.0, 1.5], len(CODES) * 3)
    margin = np.repeat(random.normal(0.08, 0.06, len(CODES)), len(ends))
    year = rows["report_period"].dt.year
    revenue = pd.Series(quarter).groupby([rows["code"], year]).cumsum()
    profit = pd.Series(quarter * margin).groupby([rows["code"], year]).cumsum()
    return rows.assign(
        announced_on=rows["report_period"] + pd.Timedelta(days=28),
        revenue_ytd=revenue.round(),
        operating_revenue_ytd=(revenue * 0.99).round(),
        net_profit_ytd=(profit * 1.05).round(),
        net_profit_attributable_ytd=profit.round(),
        net_profit_deducted_ytd=(profit * 0.8).round(),
    )


def _flashes(random: Random) -> pd.DataFrame:
    rows = _statements(random)
    names = ["code", "report_period", "announced_on", "revenue_ytd"]
    return rows[[*names, "net_profit_attributable_ytd"]]


def _previews(random: Random) -> pd.DataFrame:
    rows = _statements(random)
    profit = rows["net_profit_attributable_ytd"]
    guided = rows[["code", "report_period", "announced_on"]]
    return guided.assign(
        indicator="归属于上市公司股东的净利润",
        value_low_cny=profit - profit.abs() * 0.1,
        value_high_cny=profit + profit.abs() * 0.1,
    )


def _forecasts(random: Random) -> pd.DataFrame:
    days = pd.date_range("2024-05-31", periods=5, freq="ME")
    names = pd.DataFrame({"code": CODES}).merge(
        pd.DataFrame({"fiscal_year": [2023, 2024, 2025]}), how="cross"
    )
    rows = _grid(names, "as_of_date", days)
    eps = _walk(random, len(names), len(days), median=0.6, spread=0.9, move=0.05)
    return rows.assign(
        provider="样例一致预期",
        eps=eps.round(3),
        institutions=random.integers(2, 30, len(rows)),
    )


def _ratings(random: Random) -> pd.DataFrame:
    rows = _grid(
        pd.DataFrame({"code": CODES}), "rated_on", pd.bdate_range("2024-10-01", periods=6)
    )
    target = _walk(random, len(CODES), 6, median=30, spread=0.8, move=0.05)
    return rows.assign(broker="样例证券", rating="买入", target_price=target.round(2))


def _navs(random: Random) -> pd.DataFrame:
    days = pd.bdate_range("2024-08-01", periods=40)
    rows = _grid(pd.DataFrame({"fund_code": FUNDS}), "nav_date", days)
    nav = _walk(random, len(FUNDS), len(days), median=1.2, spread=0.4, move=0.012).round(4)
    paid = np.repeat(random.uniform(0.0, 0.5, len(FUNDS)), len(days))
    given = np.where(np.arange(len(rows)) % 13 == 0, 0.05, np.nan)
    return rows.assign(
        nav=nav, nav_cumulative=nav + paid, nav_adjusted=nav * (1 + paid), distribution=given
    )


def _sizes(random: Random) -> pd.DataFrame:
    ends = pd.date_range("2023-12-31", periods=5, freq="QE")
    rows = _grid(pd.DataFrame({"fund_code": FUNDS}), "as_of_date", ends)
    size = _walk(random, len(FUNDS), len(ends), median=6e8, spread=1, move=0.2)
    return rows.assign(fund_size_cny=size.round(), size_basis="class")


def _valuations(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"index_code": [f"99{n:04d}.CSI" for n in range(1, 9)]})
    days = pd.bdate_range("2024-10-01", periods=8)
    walk = partial(_walk, random, len(names), len(days))
    return _grid(names, "as_of_date", days).assign(
        method="aggregate",
        pe_ttm=walk(median=35, spread=0.5, move=0.02),
        ps_ttm=walk(median=3, spread=0.4, move=0.02),
        pb=walk(median=3, spread=0.4, move=0.02),
    )


def _constituents(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"index_code": "990001.CSI", "code": CODES})
    rows = _grid(names, "as_of_date", pd.date_range("2024-06-30", periods=4, freq="ME"))
    size = _walk(random, len(CODES), 4, median=1, spread=0.7, move=0.05)
    total = pd.Series(size).groupby(rows["as_of_date"]).transform("sum")
    return rows.assign(weight_pct=(100 * size / total).round(4))


def _traffic(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"app": [f"样例应用{n}" for n in range(1, 15)]})
    weeks = pd.date_range("2024-09-09", periods=6, freq="7D")
    rows = _grid(names, "period_start", weeks)
    visits = _walk(random, len(names), len(weeks), median=3e7, spread=1.3, move=0.08)
    seconds = _walk(random, len(names), len(weeks), median=380, spread=0.4, move=0.02)
    rows = rows.assign(
        period_end=rows["period_start"] + pd.Timedelta(days=6),
        visits=visits.round(),
        avg_visit_duration_seconds=seconds.round(),
    )
    change = rows.groupby("app")[["visits", "avg_visit_duration_seconds"]].pct_change()
    return rows.assign(
        visits_wow_reported=change["visits"].round(4),
        duration_wow_reported=change["avg_visit_duration_seconds"].round(4),
    )


def _downloads(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"app": [f"样例应用{n}" for n in range(1, 12)], "store": "iOS"})
    months = pd.date_range("2024-04-01", periods=6, freq="MS")
    downloads = _walk(random, len(names), len(months), median=8e5, spread=1.2, move=0.25)
    return _grid(names, "month", months).assign(downloads=downloads.round())


def _rentals(random: Random) -> pd.DataFrame:
    names = pd.DataFrame(
        {
            "gpu": [f"样例卡{n}" for n in range(1, 9)],
            "platform": "样例云",
            "cpu_cores": [8, 12, 12, 16, 16, 32, 64, 16],
            "memory_gb": [64, 96, 94, 125, 128, 256, 512, 120],
            "system_disk_gb": [20, 20, 40, 50, 100, 100, 20, 40],
            "data_disk_gb": [50, 50, 100, 200, 50, 100, 500, 50],
        }
    )
    weeks = pd.date_range("2024-09-13", periods=5, freq="7D")
    price = _walk(random, len(names), len(weeks), median=15, spread=0.8, move=0.02)
    change = random.normal(0, 0.03, len(price)).round(4)
    return _grid(names, "quoted_on", weeks).assign(
        price_cny_per_hour=price.round(2), price_wow_reported=change
    )


def _cards(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"gpu": [f"样例显卡{n}" for n in range(1, 7)], "marketplace": "样例"})
    weeks = pd.date_range("2024-09-13", periods=5, freq="7D")
    new = _walk(random, len(names), len(weeks), median=20_000, spread=0.8, move=0.03)
    used = (new * random.uniform(0.6, 0.8, len(new))).round()
    return _grid(names, "quoted_on", weeks).assign(
        price_new=new.round(), price_used=used, currency="CNY"
    )


def _scores(random: Random) -> pd.DataFrame:
    names = pd.DataFrame({"model": [f"样例模型{n}" for n in range(1, 31)]})
    days = pd.date_range("2024-09-19", periods=4, freq="14D")
    rows = _grid(names.assign(board="lmarena", category="overall"), "as_of_date", days)
    score = np.repeat(np.linspace(1_340, 1_050, len(names)), len(days))
    votes = _walk(random, len(names), len(days), median=15_000, spread=1, move=0.1).round()
    width = (400 / np.sqrt(votes)).round().clip(2)
    rank = np.repeat(np.arange(1, len(names) + 1), len(days))
    return rows.assign(
        rank=rank,
        rank_style_control=rank,
        score=score.round() + random.integers(-3, 4, len(rows)),
        ci_plus=width,
        ci_minus=width,
        votes=votes,
    )


def _token_prices(random: Random) -> pd.DataFrame:
    names = pd.DataFrame(
        {"model": [f"样例模型{n}" for n in range(1, 11)], "applies_to": "input"}
    )
    days = pd.date_range("2024-08-31", periods=3, freq="ME")
    price = _walk(random, len(names), len(days), median=0.6, spread=1, move=0.1)
    return _grid(names, "as_of_date", days).assign(price_usd_per_million_tokens=price.round(4))


def _rounds(random: Random) -> pd.DataFrame:
    days = pd.date_range("2024-08-01", periods=30, freq="3D")
    amount = np.where(np.arange(30) % 3 == 0, 1.0, random.integers(2, 90, 30) * 100.0)
    scale = np.where(amount == 1.0, "亿", "万")
    texts = [f"{number:g}{word}人民币" for number, word in zip(amount, scale, strict=True)]
    return pd.DataFrame(
        {
            "company": [f"样例公司{n}" for n in range(30)],
            "announced_on": days,
            "round": "A轮",
            "amount_text": texts,
            "amount_number": amount,
            "amount_scale": scale,
            "currency": "CNY",
        }
    )


BATCHES: Mapping[str, Callable[[Random], pd.DataFrame]] = {
    "a_share_bars": partial(_bars, median=12, with_caps=True),
    "etf_bars": partial(_bars, median=1.5, with_caps=False),
    "income_statements": _statements,
    "earnings_flashes": _flashes,
    "earnings_previews": _previews,
    "eps_forecasts": _forecasts,
    "ratings": _ratings,
    "fund_navs": _navs,
    "fund_sizes": _sizes,
    "index_valuations": _valuations,
    "index_constituents": _constituents,
    "web_traffic": _traffic,
    "app_downloads": _downloads,
    "gpu_rentals": _rentals,
    "gpu_prices": _cards,
    "llm_scores": _scores,
    "model_prices": _token_prices,
    "funding_rounds": _rounds,
}
