"""The core table of daily bars, which the bars of every market fill; no import format."""

from yanbao.catalog.declaration import Dataset, day, number, text

CURRENCY = "trading currency"

DAILY_BARS = Dataset(
    name="daily_bars",
    group="market",
    label="股票与ETF日线",
    grain="one share or ETF on one session, every market in one shape",
    key=("code", "trade_date"),
    date_column="trade_date",
    cadence="daily",
    partitioning="trade_date",
    available_on="{{ known_in_beijing('market', 'trade_date') }}",
    columns=(
        text("code", "Share or ETF code with exchange suffix.", required=True),
        day("trade_date", "Session of the share's own market.", required=True),
        text("market", "CN, HK or US."),
        number("open", CURRENCY, "Open."),
        number("high", CURRENCY, "High."),
        number("low", CURRENCY, "Low."),
        number("close", CURRENCY, "Close, adjusted as adjustment says.", required=True),
        number(
            "close_adjusted",
            CURRENCY,
            "Close whose ratios are total returns, where the source adjusts; null for an"
            " unadjusted series, whose total return comes from reference_close.",
        ),
        number(
            "reference_close",
            CURRENCY,
            "The exchange's ex-right previous close; unadjusted only.",
        ),
        number(
            "change_ratio",
            "fraction",
            "Change of the session as the source prints it, from the reference price.",
        ),
        number("volume_shares", "shares", "Traded volume."),
        number("amount", CURRENCY, "Traded amount."),
        number("market_cap", CURRENCY, "Total market capitalisation, where given."),
        number("pb", "times", "Price to book as the source prints it."),
        text("adjustment", "none, split, forward_ratio, forward_additive or backward_ratio."),
    ),
)
