"""The suites of the marts of rankings, extremes and valuations."""

from __future__ import annotations

import pandas as pd

from yanbao_gx.expectations import between, beyond, holds, proof
from yanbao_gx.mart_suite import mart_suite

FORWARD_YEARS = (0, 1, 2)
BOARD_COUNTS = (
    "main_board_count",
    "sme_board_count",
    "chinext_count",
    "star_count",
    "beijing_count",
    "other_count",
)


def _ranking_in_order(mart: pd.DataFrame) -> pd.DataFrame:
    """Each place is at most as far out as the one before it, on its own side."""
    placed = mart.sort_values(["universe", "side", "rank_order"])
    step = placed.groupby(["universe", "side"])["change_month"].diff()
    is_top = placed["side"] == "top"
    difference = placed["change_month"] - placed["benchmark_change_month"]
    return placed.assign(
        sorted_by_value=~((is_top & (step > 0)) | (~is_top & (step < 0))),
        difference_gap=(placed["relative"] - difference).abs(),
    )


def _difference_of_lines(mart: pd.DataFrame) -> pd.DataFrame:
    """How far each difference is from its two lines; a null on any of them is no gap."""
    windows = ["return_1m", "return_3m", "return_12m"]
    industry, benchmark, difference = (
        mart[mart["line"] == line].set_index("comparison")[windows].astype(float)
        for line in ("industry", "benchmark", "difference")
    )
    gaps = (difference - (industry - benchmark)).abs().max(axis=1)
    is_difference = mart["line"] == "difference"
    return mart.assign(difference_gap=mart["comparison"].map(gaps).where(is_difference))


def _change_over_base(mart: pd.DataFrame) -> pd.DataFrame:
    """How far each change is from close over base; a base close has none."""
    ratio = mart["close"].astype(float) / mart["close_base"].astype(float) - 1
    return mart.assign(change_gap=(mart["change"] - ratio).abs())


def _one_price(mart: pd.DataFrame) -> pd.DataFrame:
    """How far PE times EPS is from the price in the worst year, as a share of the price."""
    numbers = mart.filter(regex=r"^(price|eps_rate|eps_y\d|pe_y\d)$").astype(float)
    gaps = pd.DataFrame(
        {
            year: numbers[f"pe_y{year}"] * numbers[f"eps_y{year}"] * numbers["eps_rate"]
            for year in FORWARD_YEARS
        }
    ).sub(numbers["price"], axis=0)
    return mart.assign(price_gap=gaps.abs().max(axis=1) / numbers["price"])


def _boards_of_members(mart: pd.DataFrame) -> pd.DataFrame:
    boards = mart[list(BOARD_COUNTS)].sum(axis=1)
    return mart.assign(boards_add_up=boards == mart["constituents_count"])


PEER_RULES = (
    beyond("close", 0),
    beyond("market_cap", 0),
    beyond("change_month", -1, 20),
    beyond("change_ytd", -1, 50),
    # A profit near zero gives any PE; a unit that is off by 10^4 shows in PS.
    between("ps_ttm", -100, 10_000),
    between("ps_lyr", -100, 10_000),
)

MARKET_SUITES = (
    mart_suite(
        "constituent_ranking",
        beyond("close", 0),
        between("rank_order", 1),
        beyond("change_month", -1, 20),
        holds(
            "sorted_by_value",
            "sorted_by_value",
            "places in the order of the unrounded change",
            shows="universe side rank_order change_month",
        ),
        proof(
            "relative_is_difference",
            "difference_gap",
            1e-7,
            shows="change_month benchmark_change_month relative",
        ),
        derive=_ranking_in_order,
    ),
    mart_suite(
        "relative_performance",
        between("return_1m", -1.5, 3),
        between("return_3m", -2, 4),
        between("return_12m", -5, 10),
        proof(
            "difference_of_lines",
            "difference_gap",
            1e-7,
            shows="comparison line return_1m return_3m return_12m",
        ),
        derive=_difference_of_lines,
    ),
    mart_suite(
        "index_path",
        beyond("close", 0),
        beyond("change", -1, 5),
        proof("change_over_base", "change_gap", 1e-7, shows="base_on close_base close change"),
        derive=_change_over_base,
    ),
    mart_suite(
        "index_daily_extremes",
        # No limit holds for an index; the widest day of a broad one is below a fifth.
        beyond("max_daily_gain", -0.35, 0.35),
        beyond("max_daily_loss", -0.35, 0.35),
        between("sessions", 1, 7),
    ),
    mart_suite("member_extremes", beyond("change_week", -1, 10)),
    mart_suite(
        "forward_valuation",
        beyond("price", 0),
        beyond("eps_rate", 0, 1_000),
        proof("one_price", "price_gap", 1e-6, shows="code price eps_y0 pe_y0 eps_y1 pe_y1"),
        derive=_one_price,
    ),
    mart_suite("a_share_peers", *PEER_RULES),
    mart_suite("overseas_peers", *PEER_RULES),
    mart_suite(
        "index_profile",
        between("constituents_count", 1),
        beyond("total_market_cap", 0, 2e14),
        between("ps_ttm", -100, 10_000),
        beyond("revenue_cagr_3y", -1, 5),
        holds(
            "boards_add_up",
            "boards_add_up",
            "the members of all boards, counted once each",
            shows=("pool", "constituents_count", *BOARD_COUNTS),
        ),
        derive=_boards_of_members,
    ),
)
