"""Whether a text file can be in the encoding that it was taken for.

Nearly any bytes are valid GB18030, so that Big5, Shift-JIS and EUC-KR pass for it and give
words that nobody wrote. What each encoding was made for are its frequent characters: of text in
it most are among these, and of text in another one few are.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from itertools import islice

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.encoding import Encoding, lines_of

_LINES = 20_000
# The share of frequent characters that text in GB18030 has, and that no text falls below;
# traditional characters lie between.
_USUAL, _LEAST = 0.85, 0.2
# So many different letters show what a text is also where no other encoding is named.
_ENOUGH = 12
_UTF7 = re.compile(rb"\+([A-Za-z0-9+/]{3,})(?![A-Za-z0-9+/])")
_ESCAPES = (
    (re.compile(rb"\x1b(?:\$|\()"), "ISO-2022"),
    (re.compile(rb"~\{(?:[!-~][!-~])+~\}"), "HZ"),
)
_HINT = "save it as CSV UTF-8"


def require_plausible(data: bytes, encoding: Encoding) -> None:
    """Refuse a file whose bytes are text in another encoding; ``encoding`` is as detected."""
    if data[:4096].count(b"\0") > len(data[:4096]) // 10:
        raise FileRefusedError("it holds NUL bytes: UTF-16 without a mark, or no text", _HINT)
    if data.isascii():
        for pattern, name in _ESCAPES:
            if pattern.search(data):
                raise _other(name)
        if _is_utf7(data):
            raise _other("UTF-7")
    elif encoding.codec == "gb18030":
        sample = b"".join(
            line.encode("gb18030")
            for line in islice(lines_of(data, encoding), _LINES)
            if isinstance(line, str) and not line.isascii()
        )
        _require_gb18030(sample)


def _require_gb18030(sample: bytes) -> None:
    letters = _letters(sample, "gb18030")
    share = _share(letters, "gb18030")
    if len(letters) < 2:
        return
    others = {name: _share(_letters(sample, codec), codec) for name, codec in _OTHERS.items()}
    found = [name for name, other in others.items() if share < _USUAL < other]
    if found:
        raise _other(" or ".join(found))
    if len(letters) < _ENOUGH:
        return
    if share < _LEAST:
        raise FileRefusedError("its text is no text in UTF-8 or GB18030", _HINT)
    # All Korean syllables are frequent Chinese characters, of a few rows only.
    if all(0xB0 <= letter.encode("gb18030")[0] <= 0xC8 for letter in letters):
        raise _other("EUC-KR")


def _letters(sample: bytes, codec: str) -> Counter[str]:
    """The letters as a codec reads them; none where it cannot."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return Counter()
    return Counter({char: n for char, n in Counter(text).items() if _is_letter(char)})


def _share(letters: Counter[str], codec: str) -> float:
    """The share of a codec's frequent characters among letters."""
    is_frequent = _FREQUENT[codec]
    good = sum(n for char, n in letters.items() if is_frequent(char.encode(codec)))
    return good / max(letters.total(), 1)


def _is_letter(char: str) -> bool:
    """Not what all encodings share, and not what is as wide as it is high."""
    return char > "\u036f" and not "\u2000" <= char <= "\u303f" and not char >= "\uff00"


def _between(*ranges: tuple[int, int]) -> Callable[[bytes], bool]:
    """Whether the two bytes of a character lie in one of the ranges."""
    return lambda raw: (
        len(raw) == 2 and any(first <= int.from_bytes(raw) <= last for first, last in ranges)
    )


def _is_gb2312(raw: bytes) -> bool:
    return len(raw) == 2 and 0xB0 <= raw[0] <= 0xD7 and raw[1] >= 0xA1


_OTHERS = {"Big5": "big5hkscs", "Shift-JIS": "cp932", "EUC-JP": "euc_jp"}
_FREQUENT: dict[str, Callable[[bytes], bool]] = {
    "gb18030": _is_gb2312,
    "big5hkscs": _between((0xA440, 0xC67E)),
    "cp932": _between((0x829F, 0x8396), (0x889F, 0x9872)),
    "euc_jp": _between((0xA4A1, 0xA5F6), (0xB0A1, 0xCFD3)),
}


def _is_utf7(data: bytes) -> bool:
    """Whether there are Chinese characters in UTF-7, and nothing but these between + and -."""
    found = _UTF7.findall(data[: 1 << 20])
    try:
        texts = [codecs.decode(b"+" + word + b"-", "utf-7") for word in found]
    except UnicodeDecodeError:
        return False
    chars = "".join(texts)
    return len(chars) > 1 and all("\u4e00" <= char <= "\u9fff" for char in chars)


def _other(name: str) -> FileRefusedError:
    return FileRefusedError(f"its text is in {name}, not in UTF-8 or GB18030", _HINT)
