"""Units as people write them: 万, 亿元, %, 手, m:ss; and numbers printed for reading.

A unit word fits a column or it does not: 万元 is ten thousand of a column in CNY, and
nothing at all for a column in USD or a fraction. Where it does not fit, nothing is
converted, and the checks quarantine the cell as it was received.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from yanbao.catalog import Column
from yanbao.catalog.market_facts import CURRENCY_OF_WORD, CURRENCY_WORDS, SCALE_WORDS

SCALES = {"": 1, **SCALE_WORDS}
_COUNTERS = ("次", "人次", "人", "个", "份", "票", "台", "visits", "downloads", "votes")
_DURATION_WORDS = ("m:ss", "h:mm:ss")
_SHARES = {"股": 1, "shares": 1, "手": 100}
_SECONDS = {"秒": 1, "s": 1, "sec": 1, "seconds": 1, "分钟": 60, "min": 60, "minutes": 60}
_RATIOS = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "bp": Decimal("0.0001")}
_RATIO_UNITS = {"fraction": Decimal(1), "percent": Decimal(100)}
# What a column's unit is called, beside its own name.
_NAMES = {
    "GB": ("gb", "g", "gib"),
    "cores": ("核", "核心", "cores", "vcpu"),
    "months": ("月", "个月", "months"),
    "points": ("分", "点", "points"),
    "rank": ("名", "位"),
    "times": ("倍", "x"),
    "year": ("年",),
}
_OTHER_UNITS = ("tb", "tib", "mb", "mib")
_PER = {
    "hour": ("小时", "时", "h", "hr", "hour"),
    "share": ("股", "share"),
    "10^6 tokens": ("百万tokens", "百万token", "1m tokens", "m tokens", "mtok"),
}
_MONEY_UNIT = re.compile(rf"(currency|{'|'.join(CURRENCY_WORDS)})\b")
_SCALE_WORDS = "|".join(sorted(filter(None, SCALES), key=len, reverse=True))
_WORD = re.compile(rf"({_SCALE_WORDS})?(.*)")
_SPOKEN_SCALES = {
    "'000": "thousand",
    "000s": "thousand",
    "thousands": "thousand",
    "millions": "million",
    "mln": "million",
    "mm": "million",
    "billions": "billion",
}
_SPOKEN = re.compile(
    rf"(?<![a-z0-9])(?:{'|'.join(_SPOKEN_SCALES)})(?![a-z0-9])|(?<=[a-z$])'000"
)
_PRINTED = re.compile(
    r"(?P<open>\()?(?P<minus>[+-])?(?P<sign>[^\d\s.,()+-]{0,3})\s*"
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)\s*(?P<unit>[^\d\s()][^\d()]*)?"
    r"(?P<close>\))?"
)
_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)")


def is_duration(word: str) -> bool:
    return word in _DURATION_WORDS


def multiplier(word: str, column: Column, currency: str | None = None) -> Decimal | None:
    """What a number in ``word`` is multiplied with to be in the column's unit.

    ``None`` where the word is no unit or does not fit the column. ``currency`` is the one
    that the rows are known to be in, for columns whose unit is the row's currency.
    """
    folded = unicodedata.normalize("NFKC", word).strip().casefold()
    if folded in _RATIOS:
        times = _RATIO_UNITS.get(column.unit)
        return None if times is None else _RATIOS[folded] * times
    if column.unit in _RATIO_UNITS:
        return None
    if folded in _NAMES.get(column.unit, ()):
        return Decimal(1)
    if folded in _SECONDS and column.unit == "seconds":
        return Decimal(_SECONDS[folded])
    amount, per = _per(folded)
    if per and per not in _PER.get(column.unit.partition(" per ")[2], ()):
        return None
    scale, rest = _scale_and_rest(amount)
    factor = _rest_factor(rest, column, currency)
    return None if factor is None else Decimal(SCALES[scale]) * factor


def is_unit(word: str) -> bool:
    """Whether a word is a unit of anything, and not a remark such as 预估."""
    folded = unicodedata.normalize("NFKC", word).strip().casefold()
    names = [name for names in _NAMES.values() for name in names]
    if folded in (*_RATIOS, *_SECONDS, *_OTHER_UNITS, *names):
        return True
    amount, _ = _per(folded)
    scale, rest = _scale_and_rest(amount)
    return rest in (*CURRENCY_OF_WORD, *_SHARES, *_COUNTERS) or (bool(scale) and not rest)


def currency_of(word: str) -> str | None:
    """The ISO code of the currency that a unit is in: 亿美元 → USD, 元/小时 → CNY."""
    amount, _ = _per(unicodedata.normalize("NFKC", word).strip().casefold())
    return CURRENCY_OF_WORD.get(_scale_and_rest(amount)[1])


def _per(folded: str) -> tuple[str, str]:
    """A rate's amount and what it is for: ``元/小时`` or ``元每小时``."""
    amount, _, per = folded.replace("每", "/").partition("/")
    return amount.strip(), per.strip()


def _scale_and_rest(folded: str) -> tuple[str, str]:
    """万 and 元 of 万元; a currency may stand first, as in 人民币百万元, RMB mn, US$'000."""
    folded = _SPOKEN.sub(lambda match: _SPOKEN_SCALES[match[0]], folded.removeprefix("in "))
    match = _WORD.fullmatch(folded)
    if match and match[1]:
        return match[1], match[2].strip()
    for word in sorted(CURRENCY_OF_WORD, key=len, reverse=True):
        if folded.startswith(word) and folded != word:
            scale, rest = _scale_and_rest(folded[len(word) :].strip())
            if scale and rest in ("", "元", word):
                return scale, word
    return "", folded


def _rest_factor(rest: str, column: Column, currency: str | None) -> Decimal | None:
    """The factor of what follows the scale word: a currency, shares, or things counted."""
    if not rest:
        return Decimal(1)
    money = _MONEY_UNIT.match(column.unit)
    if rest in CURRENCY_OF_WORD:
        if money is None:
            return None
        wanted = currency if money[1] == "currency" else money[1]
        return Decimal(1) if wanted == CURRENCY_OF_WORD[rest] else None
    if rest in _SHARES:
        return Decimal(_SHARES[rest]) if column.unit == "shares" else None
    return Decimal(1) if rest in _COUNTERS and money is None else None


def scale_of(word: str) -> int:
    """What the scale in a unit multiplies with: 万元 → 10000, K → 1000, 元 → 1."""
    folded = unicodedata.normalize("NFKC", word).strip().casefold()
    return SCALES[_scale_and_rest(_per(folded)[0])[0]]


def has_own_unit(text: str) -> bool:
    """Whether a number carries a unit or a currency's sign: ``3.2亿``, ``¥5``, ``2.6%``."""
    match = _PRINTED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return match is not None and bool(match["unit"] or match["sign"])


def looks_like_number(text: str) -> bool:
    return _PRINTED.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def scaled(value: str, factor: Decimal) -> str:
    """A plain number times ``factor``; the text as it stands where it is no number."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    # Decimal reads 1_000 and full-width digits, which the checks do not.
    if not number.is_finite() or "_" in value or not value.isascii():
        return value
    return plain_text(number * factor)


def printed_number(
    value: str, column: Column, factor: Decimal, currency: str | None = None
) -> str:
    """The number that a person reads in ``value``: ``1,234.5``, ``3.2亿``, ``(5)``, ``2.6%``.

    A cell that carries its own unit is converted by that one alone; ``factor``, the unit
    of its column, is for bare numbers. What cannot be read stays as it stands.
    """
    match = _PRINTED.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return value
    if match["open"] and match["minus"]:
        return value
    times: Decimal | None = factor
    if match["unit"]:
        times = multiplier(match["unit"], column, currency)
    if match["sign"] and not _sign_fits(match["sign"], column, currency):
        return value
    if times is None:
        return value
    number = Decimal(match["number"].replace(",", ""))
    negative = match["open"] or match["minus"] == "-"
    return plain_text(-number * times if negative else number * times)


def _sign_fits(sign: str, column: Column, currency: str | None) -> bool:
    folded = sign.casefold()
    return folded in CURRENCY_OF_WORD and multiplier(folded, column, currency) is not None


def seconds(value: str) -> str:
    """``6:11`` and ``0:06:11`` in whole seconds; other text as it stands."""
    match = _TIME.fullmatch(value.strip())
    if match is None:
        return value
    hours, minutes = int(match[1] or 0), int(match[2])
    if match[1] is not None and minutes > 59:
        return value
    return str(hours * 3600 + minutes * 60 + int(match[3]))


def plain_text(number: Decimal) -> str:
    """All digits of a number, without an exponent and without zeros at the end."""
    return format(number.normalize() + 0, "f")
