"""The Chinese words that packs print for units, currencies, directions and marks.

Labels of columns are not here: they come from the metric dictionary of the release.
"""

from __future__ import annotations

from decimal import Decimal
from math import log10
from typing import Literal

from yanbao.catalog.market_facts import CURRENCY_WORDS, SCALE_WORDS

Movement = Literal["price", "yield", "fixing", "growth", "wow", "usage", "relative"]
ScaleWord = Literal["one", "wan", "million", "yi", "wanyi"]

CURRENCIES = {code: words[0] for code, words in CURRENCY_WORDS.items()}

UNITS = {
    "fraction": "%",
    "pct": "%",
    "bp": "bp",
    "pip": "点",
    "cny_per_usd": "元/美元",
    "visits": "次",
    "downloads": "次",
    "seconds": "秒",
    "cores": "核",
    "currency per share": "每股",
    "CNY per hour": "元/小时",
    "votes": "票",
    "times": "倍",
    "k_tokens": "千词元",
    # Units that the label already says; printing them again would only widen the header.
    "points": "",
    "rank": "",
    "ranks": "",
    "count": "",
    "companies": "家",
} | CURRENCIES

_SCALES: dict[ScaleWord, str] = {"wan": "万", "million": "百万", "yi": "亿", "wanyi": "万亿"}
SCALES: dict[ScaleWord, tuple[int, str]] = {
    "one": (0, ""),
    **{name: (round(log10(SCALE_WORDS[word])), word) for name, word in _SCALES.items()},
}

# rise, fall, slight rise, slight fall
MOVES: dict[Movement, tuple[str, str, str, str]] = {
    "price": ("上涨", "下跌", "微涨", "微跌"),
    "yield": ("上行", "下行", "微升", "微降"),
    "fixing": ("调升", "调降", "微升", "微降"),
    "growth": ("增长", "下降", "微增", "微降"),
    "wow": ("环比增长", "环比下降", "环比微增", "环比微降"),
    "usage": ("显著增长", "显著下滑", "有所提高", "有所回落"),
    "relative": ("跑赢", "跑输", "跑赢", "跑输"),
}
UNCHANGED = "持平"
# A move below this many printed units (percent) has the third and fourth word.
SLIGHT: dict[Movement, str] = {"price": "0.5", "usage": "10"}
# Every one of the last changes a rise or a fall, else the last one alone.
TREND = ("持续攀升", "持续下滑", "有所提高", "有所回落")
PERCENTAGE_POINTS = "个百分点"
NOT_LISTED = "未上榜"

REPORTED_WORDS = "采用来源所报数值"
BASIS_WORDS = {
    "computed": "由上期水平计算",
    "partial": "月份未完",
    "other_stores": "两月的应用商店不同",
    "no_base": "无上月数据",
    "reported": REPORTED_WORDS,
    "unavailable": "无上期水平",
    "price": "价格（不复权）",
    "adjusted_close": "来源复权（含分红与拆股）",
    "mixed": "各区间口径不同",
    "ex_right_chain": "全收益（除权价链）",
    "printed_chain": "全收益（来源涨跌幅链）",
    "split": "来源已按拆股调整",
    "forward_ratio": "来源前复权（比例）",
    "forward_additive": "来源前复权（加法）",
    "backward_ratio": "来源后复权（比例）",
    "all_classes": "全部股份类别",
    "a_share_price_all_shares": "A股价格乘总股本",
    "free_float": "自由流通市值",
}
# Ids fixed by the code of a mart. Those of seeds print the labels that the release carries.
VALUE_WORDS: dict[tuple[str, str], str] = {
    ("period", "week"): "本周",
    ("period", "month"): "本月",
    ("period", "1m"): "近1月",
    ("period", "3m"): "近3月",
    ("period", "12m"): "近12月",
    ("market", "CN"): "沪深北",
    ("market", "HK"): "香港",
    ("market", "US"): "美国",
    ("method", "aggregate"): "整体法",
    ("method", "mean"): "算术平均",
    ("method", "median"): "中位数",
    ("loss_rule", "included"): "计入亏损",
    ("loss_rule", "excluded"): "剔除亏损",
    ("side", "top"): "居前",
    ("side", "bottom"): "居后",
    ("side", "max_gain"): "最大涨幅",
    ("side", "max_loss"): "最大跌幅",
    ("condition", "new"): "新品",
    ("condition", "used"): "二手",
    ("measure", "revenue"): "营业收入",
    ("measure", "net_profit_attributable"): "归母净利润",
}
# The statuses of a profit whose growth is undefined: what they say of its direction.
WORD_TONES: dict[str, Literal["up", "down", "flat"]] = {
    "正增长": "up",
    "扭亏": "up",
    "亏损收窄": "up",
    "持平": "flat",
    "利润下滑": "down",
    "转亏": "down",
    "亏损扩大": "down",
    "不可比": "flat",
}

MISSING = "–"
LOSS = "亏损"
SAMPLE = "样例"
INTERNAL = "内部使用"
SAMPLE_WARNING = (
    f"含虚构的样例数据，标有“{SAMPLE}”的图表不对应任何真实公司或基金，不得据以投资。"
)
NO_ROWS = "本期无数据"
NOT_LOADED = "未导入数据集 {datasets}"
NOTHING_IN_WINDOW = "本期窗口内没有记录"
NONE_OF = "没有{label}为 {values} 的行"
NO_CLAIM = "不作陈述"
LEFT_OUT = "未计入"
NOT_TO_LEAVE = "来源不允许对外分发"
NONE_LISTED = "无"
EVERYTHING_KNOWN = "全部已知信息"
SOURCE_MODES = {
    "sample": "样例",
    "import": "本机导入",
    "live": "公开接口",
    "replay": "原始数据重放",
}
# The days that a footer names: columns of marts by what they date. Other dates (quotes,
# boards, news) stand section by section.
DATE_KINDS: dict[str, tuple[str, ...]] = {
    "行情日": ("session_on", "week_end_date", "cap_on"),
    "财报截至": ("filings_to", "latest_period", "ttm_period", "lyr_period", "h1_period"),
    "净值日": ("nav_on",),
    "规模日": ("fund_size_on",),
    "汇率与利率日": ("fx_on", "level_on"),
}


def unit_word(unit: str) -> str:
    """The printed word of a stored unit; a unit without a word prints as it is."""
    return UNITS.get(unit, unit)


def value_word(column: str, value: str) -> str:
    return VALUE_WORDS.get((column, value), value)


def basis_word(basis: str) -> str:
    return BASIS_WORDS.get(basis, basis)


def join_names(names: list[str]) -> str:
    return "、".join(names) if names else NONE_LISTED


def share_words(share: Decimal) -> str:
    """Exact tenths as N成, anything above a tenth as 超N成; a half has its own words."""
    if share == Decimal("0.5"):
        return "半数"
    if Decimal("0.5") < share < Decimal("0.6"):
        return "超半数"
    tenths = int(share * 10)
    if share in (0, 1):
        return "全部" if share else "0成"
    if tenths == 0:
        return "不足1成"
    return f"{tenths}成" if share * 10 == tenths else f"超{tenths}成"
