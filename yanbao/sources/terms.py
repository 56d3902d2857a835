"""The live sources, and whether their numbers may be passed on.

Nothing is allowed that no source allows.

The licence of the library covers its code, not the data. Public pages of exchanges, index
publishers and portals are for reading; their quotes and lists are licensed products. Where
a public body publishes a number officially, the team asks once and writes the answer into
its own ``redistribution.yml``.
"""

from __future__ import annotations

from yanbao.catalog.terms import Terms

_LIBRARY = "https://akshare.akfamily.xyz/introduction.html"
_PORTAL = Terms("internal", "门户网站公开页面，仅供内部研究", _LIBRARY)
_EXCHANGE = Terms("internal", "交易所行情与名单须另行取得许可", _LIBRARY)
_PUBLISHER = Terms("internal", "指数与行业分类属授权产品", _LIBRARY)
_OFFICIAL = Terms("ask", "官方公布，对外引用前须确认来源条款", _LIBRARY)

# The upstreams, each a module of this folder.
SOURCE_TERMS: dict[str, Terms] = {
    **dict.fromkeys(("eastmoney", "eastmoney_funds", "eastmoney_rates"), _PORTAL),
    **dict.fromkeys(("eastmoney_results", "eastmoney_research", "eastmoney_overseas"), _PORTAL),
    **dict.fromkeys(("sina", "sina_quotes", "tencent", "legulegu", "tonghuashun"), _PORTAL),
    **dict.fromkeys(("sse", "szse", "bse"), _EXCHANGE),
    **dict.fromkeys(("csindex", "swsresearch"), _PUBLISHER),
    **dict.fromkeys(("cninfo", "safe"), _OFFICIAL),
    "akshare_bundle": Terms("internal", "随开源库发布的交易日历，仅供研究", _LIBRARY),
}
