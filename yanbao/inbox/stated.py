"""What words state about the numbers beside them: adjusted or not, which statement, currency.

The one home of these words, in Chinese and English, as terminals and desks print them in
titles, headers, parameters (``[报表类型] 合并报表``), names of files and footnotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from yanbao.catalog import Column, Dataset
from yanbao.catalog.bar_columns import ADJUSTMENTS
from yanbao.catalog.declaration import INDEX_CODE
from yanbao.catalog.market_facts import CURRENCY_OF_WORD
from yanbao.inbox.unit_mentions import PRICES, title_units
from yanbao.inbox.units import currency_of

ADJUSTED = tuple(name for name in ADJUSTMENTS if name != "none")


def _word(text: str) -> str:
    """A Latin word that no letters touch, as in ``bars_qfq``."""
    return rf"(?<![a-z]){text}(?![a-z])"


_FORWARD = rf"(?:前复权|forward[- _]?adj[a-z]*|fwd[. _]*adj[a-z]*|{_word('qfq')})"
_BACKWARD = rf"(?:后复权|backward[- _]?adj[a-z]*|back[- _]adj[a-z]*|{_word('hfq')})"
_RATIO = rf"(?:等比|比例|分红再投|{_word('ratio')})"
_ADDITIVE = rf"(?:等差|加减|{_word('additive')})"
# A profit "attributable to the parent" is a line of the consolidated statement.
_OF_PARENT = r"(?<!归属)(?<!归属于)(?<!to )(?<!to the )(?<!of )(?<!of the )"
# A quarter's own figure, as in 第三季度营业收入 and 24Q3净利润. The first three quarters
# (前三季度) are cumulative, a 三季报 is a report, and a first quarter is both.
_ONE_QUARTER = (
    r"(?<![前至到~、-])(?:第?[二三四]季度|(?<![a-z])Q[2-4]|(?<![\d.])[2-4]Q)(?:\d{2,4})?[\s_-]*"
    r"(?:合并|的|归属|归母|扣非|净利|利润|营业|营收|总?收入|revenue|sales|net)"
)
# What is stated, by the words that state it. Words that were read are not read again below.
_WORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("adjustment", r"定点(?:前|后)?复权|复权方式\W*定点", ()),
    ("adjustment", rf"{_RATIO}{_FORWARD}|{_FORWARD}\W{{0,3}}{_RATIO}", ("forward_ratio",)),
    (
        "adjustment",
        rf"{_ADDITIVE}{_FORWARD}|{_FORWARD}\W{{0,3}}{_ADDITIVE}",
        ("forward_additive",),
    ),
    ("adjustment", rf"{_ADDITIVE}{_BACKWARD}|{_BACKWARD}\W{{0,3}}{_ADDITIVE}", ()),
    ("adjustment", _FORWARD, ("forward_ratio", "forward_additive")),
    ("adjustment", _BACKWARD, ("backward_ratio",)),
    (
        "adjustment",
        r"[不未非无]复权|un-?adj[a-z]*|non?[- ]adj[a-z]*|not adjusted|as[- ]traded"
        rf"|{_word('bfq')}",
        ("none",),
    ),
    ("adjustment", rf"复权(?![因系方类])|{_word('adj(?:usted)?')}", ADJUSTED),
    ("profit", rf"经?调整后?的?(?:归母|EBIT|(?:净)?利润)|{_word('non-?(?:gaap|ifrs)')}", ()),
    (
        "months",
        rf"单季度?|[本当]季(?:度(?![末初])|(?![度末初]))|{_ONE_QUARTER}"
        rf"|single[- _]quarter|discrete quarter|three months|{_word('3 months')}",
        ("3",),
    ),
    ("months", rf"{_word('ttm')}|滚动|近十二个?月|近12个?月|trailing", ()),
    ("statement_kind", r"更正前|更正后", ()),
    ("statement_kind", r"合并报表(?![^\[【]*调整)|调整前|未调整", ("original",)),
    (
        "statement_kind",
        rf"[(][^()]*调整[^()]*[)]|报表[-_]?调整|调整后|追溯|重述|{_word('restated')}",
        ("adjusted",),
    ),
    (
        "scope",
        rf"{_OF_PARENT}(?:母公司(?=报表|利润表|口径|数据|单体|\W|_|$)|{_word('parent')})|单体报表"
        rf"|{_word('unconsolidated')}|{_word('standalone')}",
        ("parent",),
    ),
    ("scope", rf"合并|{_word('consolidated')}", ("consolidated",)),
)
_PATTERNS = tuple((about, re.compile(words, re.I), allowed) for about, words, allowed in _WORDS)
# The parameters of a terminal whose every value has to be understood.
_PARAMETERS = {
    "adjustment": r"复权(?:方式|类型)?",
    "statement_kind": r"报表类型",
    "currency": r"币种|货币(?:单位|类型)?",
}
_VALUED = {
    about: re.compile(rf"[\[【]?(?:{names})(?:[\]】]|\s*[:：])\s*([^\s\[【,，;；]+)")
    for about, names in _PARAMETERS.items()
}
# A column that holds such a parameter row by row.
PARAMETER_COLUMN = re.compile(
    rf"{'|'.join(_PARAMETERS.values())}|复权情况|合并类型|报表口径|(?:计量|金额|数据)?单位"
    r"|adjustment|adjusted|(?:statement|report) type|currency|units?",
    re.IGNORECASE,
)
_STATEMENT = ("statement_kind", "scope", "months")
# A terminal's word for "in the currency of each row".
_NEUTRAL = re.compile(r"原始|交易|本币|默认|报告")
_STATEMENTS = (
    "income_statements",
    "overseas_income_statements",
    "earnings_flashes",
    "earnings_previews",
)


@dataclass(frozen=True)
class Stated:
    """``words`` state one of the values ``allowed`` of ``about``; none is known for them where
    it is empty."""

    about: str
    words: str
    allowed: tuple[str, ...]


def stated(text: str) -> Iterator[Stated]:
    """All that a line, a header or a name states."""
    left = unicodedata.normalize("NFKC", text)
    found = [*_currencies(left)]
    whole = left
    for about, pattern, allowed in _PATTERNS:
        for match in pattern.finditer(left):
            found.append(Stated(about, match[0], allowed))
        left = pattern.sub("\n", left)
    if re.search(r"指数代码|index code", whole, re.I):
        found.append(Stated("code", "指数代码", ("index",)))
    yield from found
    known = {one.about for one in found}
    for about, pattern in _VALUED.items():
        value = pattern.search(whole)
        understood = known & {about, *(_STATEMENT if about in _STATEMENT else ())}
        if value and not understood and not _NEUTRAL.match(value[1]):
            yield Stated(about, value[1], ())


def _currencies(text: str) -> Iterator[Stated]:
    """The currencies that a text names: words of two characters or more, and those of units."""
    for word in title_units(text):
        if code := currency_of(word):
            yield Stated("currency", word, (code,))
    left = text.casefold()
    for word in sorted(CURRENCY_OF_WORD, key=len, reverse=True):
        if len(word) < 2 or word not in left:
            continue
        whole = _word(re.escape(word)) if word[0].isascii() else word
        if re.search(whole, left):
            yield Stated("currency", word, (CURRENCY_OF_WORD[word],))
            left = re.sub(whole, "\n", left)


def meant(dataset: Dataset, column: Column) -> dict[str, str | tuple[str, ...]]:
    """What can be stated of a column: the column of its row that holds the answer, or the
    answers that are its own."""
    found: dict[str, str | tuple[str, ...]] = {}
    money = column.unit[:8] if column.unit.startswith("currency") else column.unit[:3]
    if column.kind == "code":
        found["code"] = ("index",) if column.pattern == INDEX_CODE else ("share",)
    if money == "currency":
        found["currency"] = "currency"
    elif money in CURRENCY_OF_WORD.values():
        found["currency"] = (money,)
    else:
        return found
    if column.name in ("adjusted_close", "nav_adjusted"):
        found["adjustment"] = ADJUSTED
    elif column.name == "nav":
        found["adjustment"] = ("none",)
    elif column.name in PRICES:
        is_held = "adjustment" in dataset.column_names
        found["adjustment"] = "adjustment" if is_held else ("none", "split")
    if dataset.name in _STATEMENTS:
        names = dataset.column_names
        found["scope"] = ("consolidated",)
        found["profit"] = ("as reported",)
        found["months"] = "months" if "months" in names else ("cumulative",)
        found["statement_kind"] = (
            "statement_kind" if "statement_kind" in names else ("original",)
        )
    return found
