"""The usual sizes of numbers in this market, as scales of columns.

The bounds are wide enough for a first quarter of small companies and a market of giants, and
narrower than a hundredfold around what is usual. They judge what has no history yet; what a
person has accepted is history from then on.
"""

from __future__ import annotations

from yanbao.catalog.scales import (
    FIFTH_TO_FIVEFOLD,
    FORTYFOLD,
    HALF_TO_DOUBLE,
    Proof,
    Scale,
    Span,
)

SIXTYFOLD: Span = (1 / 60, 60.0)
TENTH_TO_TENFOLD: Span = (0.1, 10.0)


# A price is followed from day to day; a split of one share among many does not move the median.
# The width for few entities holds the dearest share there is.
def _price(low: float, high: float, possible: Span) -> Scale:
    return Scale((low, high), possible=possible, step=HALF_TO_DOUBLE, few_step=HALF_TO_DOUBLE)


CHINESE_PRICE = _price(0.8, 900, (0.01, 100_000))
HONG_KONG_PRICE = _price(0.1, 900, (0.001, 10_000))
AMERICAN_PRICE = _price(2, 3_000, (0.001, 1_000_000))
FUND_PRICE = _price(0.2, 20, (0.1, 200))
INDEX_LEVEL = _price(150, 60_000, (1, 500_000))
# Trading rises and falls by far more than a market; the range of the day is narrow.
VOLUME = Scale((30_000, 1.2e8), possible=(1, 8e9), row_step=None, few_step=SIXTYFOLD)
AMOUNT = Scale((1.5e6, 4e9), possible=(1, 1e13), row_step=None, few_step=SIXTYFOLD)
CAP = Scale((5e8, 2e13), possible=(1e8, 3e13), step=HALF_TO_DOUBLE)
# Listed caps without a feed are those of large companies.
LARGE_CAP = Scale((1e10, 3e13), possible=(4e9, 3e13), step=HALF_TO_DOUBLE)
# Prices of one session lie close together, those of an adjusted series too.
BARS = tuple(
    Proof(name, "close", f"{name}_beside_close", (0.8, 1.25), (0.3, 4.0), same_sign=True)
    for name in ("open", "high", "low")
)
# A first day rises tenfold; on all others a limit or a split lies between the two.
REFERENCE_PRICE = Proof(
    "reference_close",
    "close",
    "reference_beside_close",
    (0.7, 1.4),
    (0.03, 12.0),
    unadjusted=True,
)
SHARES = Proof(
    "market_cap_cny",
    "close",
    "cap_is_price_times_shares",
    (3e7, 2e10),
    (1e6, 1e12),
    step=HALF_TO_DOUBLE,
    unadjusted=True,
)
# Valuations of loss makers are negative; of a company near break-even they jump.
VALUATION = Scale((3, 300), possible=(2, 400), row_step=None, sign="mostly_positive")
BOOK_VALUATION = Scale((0.25, 40), possible=(0.08, 150), row_step=None, sign="mostly_positive")
NAV = Scale((0.2, 20), possible=(0.1, 200), step=HALF_TO_DOUBLE, few_step=HALF_TO_DOUBLE)
# Medians of listed companies, from a first quarter of small ones to a year of large ones.
REVENUE = Scale((4e7, 2.5e10), possible=(1e5, 4e12), per="month_of_year")
PROFIT = Scale(
    (4e6, 2e9),
    possible=(1e3, 5e11),
    step=TENTH_TO_TENFOLD,
    few_step=SIXTYFOLD,
    row_step=None,
    sign="mostly_positive",
    per="month_of_year",
)
# Forecasts of loss makers are negative; those of a company near break-even jump.
EPS = Scale(
    (0.03, 15),
    possible=(0.002, 60),
    step=FIFTH_TO_FIVEFOLD,
    few_step=SIXTYFOLD,
    row_step=None,
    sign="mostly_positive",
)
# The guidance of one indicator among several, profits and losses.
GUIDANCE = Scale(
    (2e6, 5e9),
    possible=(1e4, 4e12),
    step=TENTH_TO_TENFOLD,
    row_step=None,
    few_step=SIXTYFOLD,
    sign="any",
    per="month_of_year",
)
OVERSEAS_REVENUE = Scale((1e7, 6e11), possible=(1e5, 1e13))
OVERSEAS_PROFIT = Scale(
    (1e6, 1e11),
    possible=(1e3, 1e12),
    step=TENTH_TO_TENFOLD,
    few_step=SIXTYFOLD,
    row_step=None,
    sign="mostly_positive",
)
# A deal in its printed scale: some 亿, or some hundred or thousand 万.
# Before 亿 a deal has one digit, before 万 four: the text as printed says which.
DEAL = Scale(
    (0.5, 12_000),
    possible=(0.3, 60_000),
    row_step=None,
    printed_in=("amount_text", "amount_scale"),
)
# A change that a source prints: noughts are usual, a percent sign lost is not.
REPORTED_CHANGE = Scale(
    (0.001, 0.6), possible=(1e-4, 8), largest=(0.004, 20), row_step=None, sign="any"
)
CHANGE_OF_A_PRICE = Scale(
    (1e-4, 0.6), possible=(1e-5, 8), largest=(0.002, 20), row_step=None, sign="any"
)
# A change of a session is a percent or two; quiet days and crashes lie far apart.
CHANGE_OF_A_SESSION = Scale(
    (1e-3, 0.09),
    possible=(1e-6, 20),
    largest=(0.003, 60),
    step=FORTYFOLD,
    few_step=(1e-5, 1e5),
    row_step=None,
    sign="any",
)
GPU_PRICE = Scale((600, 600_000), possible=(400, 1_200_000), few_step=TENTH_TO_TENFOLD)
RANK = Scale((1, 300), possible=(1, 400), row_step=None)
INTERVAL = Scale((0.3, 60), possible=(0.1, 90), row_step=None)
VISITS = Scale((5e5, 2e9), possible=(1e4, 1e10), per="days")
VISIT_SECONDS = Scale((20, 3_600), possible=(8, 7_200), few_step=TENTH_TO_TENFOLD)
# A month of a few days is a tenth of one.
DOWNLOADS = Scale((4e4, 4e7), possible=(1.5e4, 8e7), step=FORTYFOLD)
RENTAL = Scale((0.5, 500), possible=(0.3, 1_000))
SCORE = Scale((2, 2_500), possible=(0.3, 2_500), few_step=TENTH_TO_TENFOLD)
VOTES = Scale((300, 3e5), possible=(50, 3e6))
MODEL_PRICE = Scale((0.03, 40), possible=(0.005, 100))
DISTRIBUTION = Scale((0.002, 2), row_step=None)
FUND_SIZE = Scale((2e7, 3e10), possible=(1e5, 1e12))
YIELD = Scale((0.08, 20), possible=(0.08, 20), few_step=FIFTH_TO_FIVEFOLD)
# Of pairs with the yuan, per hundred yen.
FIXING = Scale((0.3, 30), possible=(0.3, 30), few_step=HALF_TO_DOUBLE)
TARGET_PRICE = Scale((2, 900), possible=(0.1, 10_000))
INSTITUTIONS = Scale((1, 90), possible=(1, 90), row_step=None, few_step=SIXTYFOLD)
PART_OF_A_RATIO = Scale(
    unguarded="3:2, 30:20 and 300:200 say the same; only their ratio is used"
)
# From a consolidation of fifty into one to a split of one into fifty.
SHARES_OF_AN_ACTION = Proof(
    "shares_after", "shares_before", "shares_of_an_action", (0.019, 51.0), (0.019, 51.0)
)
# A part of a hundred: what the largest member has tells a percent from a fraction.
WEIGHT = Scale((0.005, 40), largest=(0.15, 100))


def specification(low: float, high: float) -> Scale:
    """A part of the key: another configuration is another row, so it has no history."""
    return Scale((low, high), possible=(low, high))
