"""A number format's code taken apart: its sections, and the pieces of each."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from yanbao.catalog.market_facts import CURRENCY_OF_WORD

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.?)|(?P<pad>_).?|\*.?|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>General|G/通用格式)|(?P<digit>[0#?])|(?P<exponent>[eE][+-])|(?P<sign>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COLOUR = re.compile(
    r"(?i)black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+|颜色\s*\d+"
    r"|[黑蓝青绿洋红白黄]+色?"
)
_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
# A currency's sign belongs to its home: ¥ of Japan and $ of Hong Kong are others.
_HOME = {"¥": ("", "804", "zh-CN"), "￥": ("", "804", "zh-CN"), "$": ("", "409", "en-US")}
_KINDS = {",": "comma", ".": "dot", "%": "percent", "@": "at"}


@dataclass(frozen=True)
class Piece:
    """``kind`` is ``digit``, ``comma``, ``dot``, ``percent``, ``exponent``, ``general``, ``at``
    (a text), ``letter`` (an elapsed time), ``text`` (written as it stands) or ``sign`` (any
    other character)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One section of a format; ``test`` is its own condition, as ``[>=10000]``."""

    pieces: tuple[Piece, ...] = ()
    test: tuple[str, Decimal] | None = None
    coloured: bool = False

    def has(self, *kinds: str) -> bool:
        return any(piece.kind in kinds for piece in self.pieces)

    @property
    def is_numeric(self) -> bool:
        return self.has("digit", "general")

    @cached_property
    def moment(self) -> str:
        """``date``, the parts of a time as ``h:m``, or nothing for numbers."""
        if self.has("general"):
            return ""
        letters = "".join(p.text for p in self.pieces if p.kind in ("sign", "letter"))
        letters = letters.casefold().strip()
        if re.search(r"[yd]|a{3}", letters) or (
            not self.has("digit") and re.search(r"[egb]", letters)
        ):
            return "date"
        if re.search(r"[hs]", letters) or self.has("letter"):
            return ":".join(part for part in ("h", "m", "s") if part in letters)
        return "date" if re.fullmatch(r"m+月?", letters) else ""

    @cached_property
    def words(self) -> str:
        """Everything that it writes where it shows no number."""
        return "".join(p.text for p in self.pieces if p.kind in ("text", "sign")).strip()

    def holds(self, value: Decimal) -> bool:
        return self.test is None or _OPERATORS[self.test[0]](value, self.test[1])


def sections_of(code: str) -> list[Section]:
    """The sections in their order; a code without anything is one section without pieces."""
    return list(_sections(list(_TOKEN.finditer(code))))


def _sections(tokens: list[re.Match[str]]) -> Iterator[Section]:
    at_ends = [token["sign"] == ";" for token in tokens]
    numbers = [sum(at_ends[:n]) for n in range(len(tokens))]
    for _, group in groupby(zip(numbers, tokens, strict=True), key=lambda pair: pair[0]):
        yield _section([token for _, token in group if token["sign"] != ";"])
    if not tokens or at_ends[-1]:
        yield Section()


def _section(tokens: list[re.Match[str]]) -> Section:
    pieces: list[Piece] = []
    test, coloured = None, False
    for token in tokens:
        bracket = token["bracket"]
        if bracket is None:
            pieces += _piece(token)
        elif condition := _CONDITION.fullmatch(bracket.strip()):
            test = (condition[1], Decimal(condition[2]))
        elif _ELAPSED.fullmatch(bracket):
            pieces.append(Piece("letter", bracket))
        elif bracket.startswith("$"):
            pieces += _currency(bracket[1:])
        else:
            coloured = coloured or _COLOUR.fullmatch(bracket.strip()) is not None
    return Section(tuple(pieces), test, coloured)


def _piece(token: re.Match[str]) -> list[Piece]:
    for group in ("quoted", "escaped"):
        if token[group] is not None:
            return [Piece("text", token[group])] if token[group] else []
    for group in ("general", "digit", "exponent"):
        if token[group]:
            return [Piece(group, token[group])]
    if token["pad"]:
        return [Piece("text", " ")]
    sign = token["sign"]
    return [Piece(_KINDS.get(sign, "sign"), sign)] if sign else []


def _currency(bracket: str) -> list[Piece]:
    """``[$¥-804]`` writes a sign; of another country than the sign's own, it says which."""
    sign, _, locale = bracket.partition("-")
    at_home = _HOME.get(sign)
    if at_home and locale not in at_home and sign.casefold() in CURRENCY_OF_WORD:
        sign = f"{sign}[{locale}]"
    return [Piece("text", sign)] if sign else []
