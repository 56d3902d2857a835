"""Tencent: history of one share, the second source of back-fills."""

from __future__ import annotations

from yanbao.sources.call import Fetch, day, number, stamp, unread
from yanbao.sources.plans import ISO_WINDOW, exchange_symbol, named_listings, per_code

FETCHES = (
    Fetch(
        dataset="a_share_bars",
        source="tencent",
        function="stock_zh_a_hist_tx",
        host="proxy.finance.qq.com",
        columns=(
            *day(date="trade_date"),
            *number("volume", open="open", close="close", high="high", low="low"),
            *unread("turnover"),
            *number(amount="amount_cny"),
        ),
        plan=per_code(named_listings, exchange_symbol, days=ISO_WINDOW),
        cadence="backfill",
        deadline_seconds=180,
        may_be_empty=True,
        computed={
            "volume_shares": f"volume * if({stamp('symbol')} like 'sz000%', 100, 1)",
            "adjustment": "'none'",
        },
        notes=(
            "One request per year. The library turns lots into shares except for codes that"
            " begin sh688, sz399, sh000 or sz000; for Shenzhen's 000 shares the volume is"
            " therefore still in lots, and staging multiplies it."
        ),
    ),
)
