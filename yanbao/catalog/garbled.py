"""Text that was written in one encoding and read in another, or that is no text at all.

Each pattern is what one such mistake leaves behind; none is found in words that people write.
The notation is RE2's, which DuckDB reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

# Control characters, the mark of what could not be decoded, and characters without a meaning.
_NO_TEXT = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{FFFD}\x{FFFE}\p{Co}]"
# Bytes 80 to BF as Latin-1 and as Windows show them.
_LATER = r"\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_UTF8_AS_LATIN1 = rf"[à-ï][{_LATER}][{_LATER}]|[ÂÃ][{_LATER}]"
_LETTER, _HIGH = "[À-ÖØ-öø-ÿ]", "[¡-ÿ]"
_GBK_AS_LATIN1 = "|".join(f"{_HIGH}{{{at}}}{_LETTER}{_HIGH}{{{3 - at}}}" for at in range(4))
_HZ = r"~\{(?:[!-~][!-~])+~\}"
# What an undecodable character and fresh memory look like in GBK.
_KNOWN = "锟斤拷|烫烫烫|屯屯屯"


def _class(leads: Iterable[int], trails: Iterable[int]) -> str:
    """The characters of GB18030 whose two bytes are of these."""
    pairs = (bytes(pair) for pair in product(leads, trails))
    found = "".join(pair.decode("gb18030", "ignore") for pair in pairs)
    return f"[{''.join(char for char in found if char.isprintable())}]"


# Two characters of UTF-8 are six bytes, of which GBK makes three: E6 A0, B7 E4, BE 8B.
_FIRST, _LATER_BYTES = range(0xE4, 0xEA), range(0x80, 0xC0)
_UTF8_AS_GBK = (
    _class(_FIRST, _LATER_BYTES)
    + _class(_LATER_BYTES, _FIRST)
    + _class(_LATER_BYTES, _LATER_BYTES)
)
GARBLED = "|".join((_NO_TEXT, _UTF8_AS_LATIN1, _GBK_AS_LATIN1, _HZ, _KNOWN, _UTF8_AS_GBK))
