"""Which encoding a text file has: UTF-8, UTF-8 with a mark, or GB18030.

The choice is made once for the whole file and recorded. A line that does not decode is
handed on as such, with its place; it is never repaired and never dropped.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK = 4 * 1024 * 1024


@dataclass(frozen=True)
class Undecodable:
    """A line that is not text in the file's encoding.

    ``escaped`` shows the offending bytes as backslash escapes; ``offset`` is the first
    such byte, counted from 0 at the start of the file.
    """

    escaped: str
    offset: int


Line = str | Undecodable


@dataclass(frozen=True)
class Encoding:
    """``name`` as recorded, the codec behind it, and the length of the mark before it.

    ``doubtful_lines`` of a GB18030 file are valid UTF-8 as well: perhaps pasted from
    another file, and then unreadable as they were taken.
    """

    name: str
    codec: str
    mark: int = 0
    every_line_decodes: bool = True
    doubtful_lines: int = 0


def detect(data: bytes) -> Encoding:
    """The encoding of the whole file.

    UTF-8 wins where all of it, or at least half of its non-ASCII lines, is UTF-8: text in
    another encoding is almost never valid UTF-8 by accident, while nearly any bytes are
    valid GB18030. Below half, GB18030 wins where every line is valid in it; where neither
    encoding fits, the one that more lines can only belong to wins.
    """
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    name = "utf-8-bom" if mark else "utf-8"
    if _decodes(data, "utf-8"):
        return Encoding(name, "utf-8", mark)
    utf8, gb18030, only_gb18030, lines = _count_lines(data[mark:])
    # A file that carries the UTF-8 mark declares what it is; damage does not change that.
    if not mark and utf8 * 2 < lines:
        if gb18030 == lines:
            return Encoding("gb18030", "gb18030", doubtful_lines=utf8)
        if only_gb18030 > utf8:
            return Encoding("gb18030", "gb18030", 0, False, utf8)
    return Encoding(name, "utf-8", mark, every_line_decodes=False)


def lines_of(data: bytes, encoding: Encoding) -> Iterator[Line]:
    """The file's lines with their ends, split at LF, CR and CRLF only."""
    if encoding.every_line_decodes:
        codec = "utf-8-sig" if encoding.mark else encoding.codec
        return iter(io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline=""))
    return _tolerant_lines(data, encoding)


def _tolerant_lines(data: bytes, encoding: Encoding) -> Iterator[Line]:
    offset = encoding.mark
    for line in data[encoding.mark :].splitlines(keepends=True):
        try:
            yield line.decode(encoding.codec)
        except UnicodeDecodeError as error:
            escaped = line.decode(encoding.codec, "backslashreplace").rstrip("\r\n")
            yield Undecodable(escaped, offset + error.start)
        offset += len(line)


def _is_valid(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(data: bytes, codec: str) -> bool:
    """Whether the whole file decodes, block by block: text takes more room than bytes."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    view = memoryview(data)
    try:
        for start in range(0, len(view), _BLOCK):
            decoder.decode(view[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count_lines(data: bytes) -> tuple[int, int, int, int]:
    """Non-ASCII lines valid as UTF-8, as GB18030, only as GB18030, and all of them."""
    utf8 = gb18030 = only_gb18030 = lines = 0
    for line in data.splitlines():
        if line.isascii():
            continue
        lines += 1
        as_utf8, as_gb18030 = _is_valid(line, "utf-8"), _is_valid(line, "gb18030")
        utf8 += as_utf8
        gb18030 += as_gb18030
        only_gb18030 += as_gb18030 and not as_utf8
    return utf8, gb18030, only_gb18030, lines
