"""Market data: bars, caps and valuations."""

from functools import partial

from yanbao.catalog.bar_columns import BAR_PRICES, adjustment, prices, volume, witnesses
from yanbao.catalog.declaration import (
    HK_CODE,
    INDEX_CODE,
    LISTED_CODE,
    US_CODE,
    Dataset,
    code,
    day,
    number,
    text,
)
from yanbao.catalog.market_facts import A_SHARE_CODE, LISTED_FUND_CODE
from yanbao.catalog.scales import Proof
from yanbao.catalog.usual_sizes import (
    AMERICAN_PRICE,
    AMOUNT,
    BARS,
    BOOK_VALUATION,
    CAP,
    CHINESE_PRICE,
    FUND_PRICE,
    HONG_KONG_PRICE,
    INDEX_LEVEL,
    LARGE_CAP,
    REFERENCE_PRICE,
    SHARES,
    VALUATION,
)

# A close whose ratios are total returns is one of an adjusted series.
UNLESS_ADJUSTED = {
    "close_adjusted": "case when coalesce(adjustment, 'none') not in ('none', 'split')"
    " then close end",
    "adjustment": "coalesce(adjustment, 'none')",
}
# A snapshot always has the reference price; a history never has it.
HISTORY = "reference_close is null"
SNAPSHOT = "reference_close is not null"

market = partial(
    Dataset,
    group="market",
    cadence="daily",
    partitioning="trade_date",
    completeness="last_good",
)
DATASETS = (
    market(
        name="a_share_bars",
        label="A股日线",
        grain="one A-share on one trading day",
        key=("code", "trade_date"),
        staleness_days=5,
        price_columns=(*BAR_PRICES, "reference_close"),
        upstream=("eastmoney", "sina_quotes", "tencent"),
        proofs=(
            *BARS,
            REFERENCE_PRICE,
            SHARES,
        ),
        merges_into="daily_bars",
        as_merged={
            "market": "'CN'",
            "amount": "amount_cny",
            "market_cap": "market_cap_cny",
            **UNLESS_ADJUSTED,
        },
        not_carried={
            "eastmoney": {
                HISTORY: ("reference_close", "change_ratio", "market_cap", "pb"),
                SNAPSHOT: ("change_ratio",),
            }
        },
        market="'CN'",
        parts_by="exchange",
        told_by="market = 'CN' and {{ listed_kind('code') }} = 'share'",
        columns=(
            code("code", A_SHARE_CODE, "Share code.", example="600519.SH"),
            day("trade_date", "Trading day.", required=True),
            *prices("CNY", CHINESE_PRICE),
            volume(),
            number("amount_cny", "CNY", "Traded amount.", minimum=0, scale=AMOUNT),
            adjustment(),
            *witnesses("CNY", CHINESE_PRICE),
            number(
                "market_cap_cny",
                "CNY",
                "Total market capitalisation.",
                minimum=0,
                scale=CAP,
            ),
            number(
                "pb", "times", "Price to book as the source prints it.", scale=BOOK_VALUATION
            ),
        ),
    ),
    market(
        name="hk_stock_bars",
        label="港股日线",
        grain="one Hong Kong share on one session",
        key=("code", "trade_date"),
        staleness_days=7,
        price_columns=BAR_PRICES,
        upstream=("eastmoney_overseas", "sina_quotes"),
        proofs=BARS,
        merges_into="daily_bars",
        as_merged={"market": "'HK'", **UNLESS_ADJUSTED},
        market="'HK'",
        parts_by="exchange",
        told_by="market = 'HK'",
        columns=(
            code("code", HK_CODE, "Share code, at least four digits.", example="0700.HK"),
            day("trade_date", "Session.", required=True),
            *prices("HKD", HONG_KONG_PRICE),
            volume(),
            adjustment(),
            *witnesses("HKD", HONG_KONG_PRICE),
        ),
    ),
    market(
        name="us_stock_bars",
        label="美股日线",
        grain="one US share on one session",
        key=("code", "trade_date"),
        staleness_days=7,
        price_columns=BAR_PRICES,
        upstream=("eastmoney_overseas", "sina_quotes"),
        proofs=(
            *BARS,
            Proof("adjusted_close", "close", "adjusted_beside_close", (0.2, 1.2), (0.02, 2.0)),
        ),
        merges_into="daily_bars",
        as_merged={
            "market": "'US'",
            "close_adjusted": "adjusted_close",
            # Whoever adjusts for dividends beside it has adjusted the close for splits.
            "adjustment": "coalesce(adjustment, case when adjusted_close is null then 'none'"
            " else 'split' end)",
        },
        market="'US'",
        parts_by="exchange",
        told_by="market = 'US'",
        columns=(
            code("code", US_CODE, "Ticker with venue suffix.", example="NVDA.O"),
            day("trade_date", "Session in New York.", required=True),
            *prices("USD", AMERICAN_PRICE),
            number(
                "adjusted_close",
                "USD",
                "Close adjusted for splits and dividends.",
                minimum=0.0001,
                scale=AMERICAN_PRICE,
            ),
            volume(),
            adjustment(),
            *witnesses("USD", AMERICAN_PRICE),
        ),
        notes="Known in Beijing on the day after the session.",
    ),
    market(
        name="index_bars",
        label="指数日线",
        grain="one index on one session of its market",
        key=("index_code", "trade_date"),
        staleness_days=5,
        completeness="calendar",
        lag_sessions=0,
        price_columns=BAR_PRICES,
        upstream=("eastmoney", "sina", "csindex", "swsresearch", "eastmoney_overseas"),
        proofs=BARS,
        available_on="{{ known_in_beijing(index_market('index_code'), 'trade_date') }}",
        market="{{ index_market('index_code') }}",
        parts_by="index_code",
        columns=(
            code("index_code", INDEX_CODE, "Index code with suffix.", example="000300.SH"),
            day("trade_date", "Session.", required=True),
            *prices("points", INDEX_LEVEL, lowest=0.0001),
            number(
                "pe_ttm",
                "times",
                "Trailing PE as the publisher computes it.",
                scale=VALUATION,
            ),
            text("index_name", "Name; needed only where the index seed has none."),
        ),
    ),
    market(
        name="market_caps",
        label="市值",
        grain="one company's market capitalisation on one day",
        key=("code", "trade_date", "cap_basis"),
        staleness_days=7,
        upstream=("eastmoney_overseas",),
        available_on="{{ known_in_beijing(security_market('code'), 'trade_date') }}",
        # Reports print caps once a week.
        due_after_days=10,
        columns=(
            code("code", LISTED_CODE, "Share code of the company.", example="NVDA.O"),
            text("company", "Company name as printed.", required=True),
            day("trade_date", "Session of the close.", required=True),
            number(
                "market_cap",
                "currency",
                "Market capitalisation.",
                required=True,
                minimum=0,
                scale=LARGE_CAP,
            ),
            text("currency", "ISO currency.", required=True, allowed=("CNY", "USD", "HKD")),
            text(
                "cap_basis",
                "What is counted.",
                required=True,
                allowed=("all_classes", "a_share_price_all_shares", "free_float"),
            ),
        ),
    ),
    market(
        name="index_valuations",
        label="指数估值",
        grain="one index, day and method",
        key=("index_code", "as_of_date", "method"),
        completeness="none",
        upstream=("csindex", "legulegu"),
        due_after_days=31,
        columns=(
            code("index_code", INDEX_CODE, "Index code.", example="000300.SH"),
            day("as_of_date", "Day of the valuation.", required=True),
            text(
                "method",
                "How members are aggregated.",
                required=True,
                allowed=("aggregate", "mean", "median", "as_printed"),
            ),
            number("pe_ttm", "times", "Trailing PE.", scale=VALUATION),
            number("ps_ttm", "times", "Trailing PS.", scale=BOOK_VALUATION),
            number("pb", "times", "Price to book.", scale=BOOK_VALUATION),
            text("loss_rule", "What happens to loss makers.", allowed=("included", "excluded")),
        ),
    ),
    market(
        name="etf_bars",
        label="ETF日线",
        grain="one ETF on one trading day",
        key=("code", "trade_date"),
        lag_sessions=0,
        price_columns=(*BAR_PRICES, "reference_close"),
        upstream=("eastmoney", "sina_quotes"),
        proofs=(
            *BARS,
            REFERENCE_PRICE,
        ),
        merges_into="daily_bars",
        as_merged={"market": "'CN'", "amount": "amount_cny", **UNLESS_ADJUSTED},
        not_carried={
            "eastmoney": {
                HISTORY: ("reference_close", "change_ratio"),
                SNAPSHOT: ("change_ratio",),
            },
            "sina_quotes": {
                HISTORY: ("reference_close", "change_ratio", "amount"),
                SNAPSHOT: ("change_ratio",),
            },
        },
        market="'CN'",
        told_by="market = 'CN' and {{ listed_kind('code') }} = 'fund'",
        columns=(
            code("code", LISTED_FUND_CODE, "Exchange code.", example="159819.SZ"),
            day("trade_date", "Trading day.", required=True),
            *prices("CNY", FUND_PRICE),
            volume(),
            number("amount_cny", "CNY", "Traded amount.", minimum=0, scale=AMOUNT),
            adjustment(),
            *witnesses("CNY", FUND_PRICE),
        ),
    ),
)
