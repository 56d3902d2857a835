"""What a workbook's number format shows: words, hidden scales and signs beside the digits.

A person reads ``123.5万`` where the cell holds 1234567 and its format divides what it shows, or
holds 123.5 and its format writes 万 behind it. Both are read as they are meant. Where the
number that is shown and the stored one cannot both be meant, the cell is in doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache

from yanbao.inbox.format_sections import Piece, Section, sections_of
from yanbao.inbox.units import plain_text, scale_of

ONE = Decimal(1)
# A minus as a person sees it: a dash, a bracket, an arrow.
_MINUS = frozenset("-−–(（▼▽↓")
_ARROWS = "▲△▼▽↑↓ \u00a0\u3000"
_MARKS = "+-−–—()（）" + _ARROWS
_LONGEST_SHIFT = 15


@dataclass(frozen=True)
class Shown:
    """A cell as a person sees it, with all the digits that are stored.

    A format multiplies the stored number with ``scale`` and names no unit that undoes it: the
    column's unit has to. ``is_bare`` where it names units for other numbers and none for this
    one: the column has none then. ``doubt`` says why nobody can tell which number is meant.
    """

    text: str
    scale: Decimal = ONE
    doubt: str = ""
    is_bare: bool = False

    @property
    def is_plain(self) -> bool:
        return self.scale == 1 and not (self.doubt or self.is_bare)


# Formats of which every number is shown as it is stored, but for its rounding.
_PLAIN = ("", "General", "0", "0.0", "0.00", "0.0000", "#,##0", "#,##0.00")


class NumberFormat:
    """A format code: its sections, and what they show of a cell."""

    def __init__(self, code: str) -> None:
        self.is_plain = code in _PLAIN
        sections = sections_of(code or "General")[:4]
        has_text = sections[-1].has("at") or len(sections) == 4
        self._text = sections.pop() if has_text else None
        self._numbers = sections

    def text_of(self, text: str) -> Shown:
        """A cell of text: the section for text may write words around it, or nothing."""
        if self._text is None:
            return Shown(text)
        pieces = self._text.pieces
        shown = "".join(text if p.kind == "at" else p.text for p in pieces).strip()
        return Shown(shown) if shown or not text.strip() else _hidden(text)

    def number_of(self, value: Decimal, epoch: datetime) -> Shown:
        """A cell that holds a number; days count from ``epoch``."""
        stored = plain_text(value)
        if not self._numbers:
            shown = self.text_of(stored)
            return shown if shown.text == stored else _doubtful(stored, shown.text)
        at = self._chosen(value)
        if at is None:
            return _hidden(stored)
        section = self._numbers[at]
        if section.moment:
            return Shown(_moment(value, section.moment, epoch))
        if not section.is_numeric:
            return _words_for(section, value, stored)
        shown = _number(section, value, is_negative=at == 1 and not self._is_conditional)
        is_bare = value != 0 and self._names_scales and shown.text == stored
        return replace(shown, is_bare=is_bare)

    @cached_property
    def changes_numbers(self) -> bool:
        """Whether it shows some numbers as others than they are stored."""
        probes = [Decimal(text) for text in ("1234567", "-1234567", "0.5", "0")]
        epoch = datetime(1899, 12, 30)
        return any(self.number_of(one, epoch) != Shown(plain_text(one)) for one in probes)

    @cached_property
    def _is_conditional(self) -> bool:
        return any(section.test for section in self._numbers)

    @cached_property
    def _names_scales(self) -> bool:
        """Whether a section writes a scale such as 万 behind its number."""
        sections = (section for section in self._numbers if section.is_numeric)
        return any(scale_of(_unwrapped(_layout(one).after.strip())) > 1 for one in sections)

    def _chosen(self, value: Decimal) -> int | None:
        """The section that shows a number; ``None`` where none does."""
        last = len(self._numbers) - 1
        if not self._is_conditional:
            if value < 0:
                return min(1, last)
            return 2 if value == 0 and last == 2 else 0
        for at, section in enumerate(self._numbers):
            # Without a condition of its own, the first is for more than zero, the second for
            # less, and the last for everything else.
            by_place = at == last or section.test or (value > 0, value < 0)[at]
            if section.holds(value) and by_place:
                return at
        return None


@dataclass(frozen=True)
class _Layout:
    """What stands before and behind the digits, and what is done to the number.

    ``composed`` are the digits with words among them, as in ``0000-00-00``; empty where a
    format does more to such a number than write words.
    """

    before: str
    after: str
    scale: Decimal
    percents: int = 0
    zeros: int = 0
    composed: tuple[Piece, ...] | None = None


def _number(section: Section, value: Decimal, *, is_negative: bool) -> Shown:
    stored, layout = plain_text(value), _layout(section)
    minus = "-" if value < 0 else ""
    if layout.composed is not None:
        text = _composed(layout.composed, value)
        shown = f"{layout.before}{minus}{text}{layout.after}".strip()
        return _doubtful(stored, "words among its digits") if text is None else Shown(shown)
    before, after = layout.before.strip(_MARKS), _unwrapped(layout.after.strip(_ARROWS))
    number = plain_text(abs(value) * layout.scale * Decimal(100) ** layout.percents)
    if layout.zeros > 1 and layout.scale == 1 and "." not in number:
        number = number.zfill(layout.zeros)
    text = f"{minus}{before}{number}{after}"
    if _sign_is_lost(section, layout, value, is_negative=is_negative):
        return _doubtful(stored, f"{'' if minus else '-'}{before}{number}{after}")
    if layout.scale == 1 or (after and scale_of(after) * layout.scale == 1):
        return Shown(text)
    return _doubtful(stored, text) if after else Shown(text, layout.scale)


@lru_cache(maxsize=1024)
def _layout(section: Section) -> _Layout:
    pieces, thousands = _without_commas(section.pieces)
    at = [n for n, piece in enumerate(pieces) if piece.kind in ("digit", "general")]
    core = [piece for piece in pieces[at[0] : at[-1] + 1] if piece.kind != "general"]
    before = "".join(piece.text for piece in pieces[: at[0]])
    behind = [piece for piece in pieces[at[-1] + 1 :] if piece.kind not in ("dot", "exponent")]
    after = "".join(piece.text for piece in behind)
    scale = Decimal(1000) ** -thousands
    percents = sum(piece.kind == "percent" for piece in pieces)
    words = [piece for piece in core if piece.kind not in ("digit", "dot", "exponent")]
    is_fraction = any(piece == Piece("sign", "/") for piece in words)
    has_dot = any(piece.kind in ("dot", "exponent") for piece in core)
    if is_fraction or not "".join(piece.text for piece in words).strip():
        zeros = 0 if has_dot else sum(piece.text == "0" for piece in core)
        return _Layout(before, after, scale, percents, zeros)
    if len(words) == 1 and words[0].text == "." and not has_dot:
        shift = len(core) - 1 - core.index(words[0])
        if shift <= _LONGEST_SHIFT:
            return _Layout(before, after, scale * Decimal(10) ** -shift, percents)
    does_more = has_dot or thousands or percents
    return _Layout(before, after, scale, composed=() if does_more else tuple(core))


def _without_commas(pieces: tuple[Piece, ...]) -> tuple[list[Piece], int]:
    """The pieces without commas, and how many of these divide by a thousand.

    A comma between digits groups them, one behind the last digit divides; any other is a word.
    """
    kept: list[Piece] = []
    thousands = 0
    for at, piece in enumerate(pieces):
        if piece.kind != "comma":
            kept.append(piece)
            continue
        following = next((other for other in pieces[at + 1 :] if other.kind != "comma"), None)
        if not kept or kept[-1].kind != "digit":
            kept.append(Piece("text", ","))
        elif following is None or following.kind != "digit":
            thousands += 1
    return kept, thousands


def _composed(pieces: tuple[Piece, ...], value: Decimal) -> str | None:
    """A whole number's digits among a format's words; ``None`` where it is no whole number."""
    number = abs(value)
    if not pieces or number != number.to_integral_value():
        return None
    digits = list(plain_text(number))
    places = sum(piece.kind == "digit" for piece in pieces)
    shown: list[str] = []
    for piece in reversed(pieces):
        if piece.kind != "digit":
            shown.append(piece.text)
            continue
        places -= 1
        digit = digits.pop() if digits else ("0" if piece.text == "0" else "")
        shown.append(("" if places else "".join(digits)) + digit)
    return "".join(reversed(shown))


def _sign_is_lost(
    section: Section, layout: _Layout, value: Decimal, *, is_negative: bool
) -> bool:
    """Whether a person sees a minus that is not stored, or none where one is.

    A format's section for negative numbers shows them without their minus. Words, brackets or
    a colour of its own say then what they are.
    """
    if value > 0 or (value < 0 and not is_negative):
        return not _MINUS.isdisjoint(layout.before + re.sub("[(（].*", "", layout.after))
    is_marked = layout.before.strip() or layout.after.strip(" %") or section.coloured
    return value < 0 and not is_marked


def _words_for(section: Section, value: Decimal, stored: str) -> Shown:
    """A section of words alone: a dash for zero is zero, as accountants write it."""
    if not section.words:
        return _hidden(stored)
    return Shown("0" if value == 0 and section.words in tuple("-−–—") else section.words)


def _hidden(stored: str) -> Shown:
    why = f"the cell holds {stored}, which its number format hides; show it, or empty the cell"
    return Shown(stored, doubt=why)


def _doubtful(stored: str, text: str) -> Shown:
    why = (
        f"the cell holds {stored} and its number format shows {text}; format it as General and"
        " write the number that is meant"
    )
    return Shown(text, doubt=why)


def _unwrapped(word: str) -> str:
    match = re.fullmatch(r"[(（]\s*(.*?)\s*[)）]", word)
    return match[1] if match else word.rstrip(")） ")


def _moment(value: Decimal, parts: str, epoch: datetime) -> str:
    seconds = round(float(value) * 86_400)
    if parts == "date":
        moment = epoch + timedelta(seconds=seconds)
        day = moment.date().isoformat()
        return day if moment.time() == datetime.min.time() else f"{day} {moment.time()}"
    if parts == "m:s":
        return f"{seconds // 60}:{seconds % 60:02}"
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if parts == "h:m":
        return f"{hours}:{minutes:02}"
    return f"{hours}:{minutes:02}:{seconds % 60:02}"
