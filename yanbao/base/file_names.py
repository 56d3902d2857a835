"""File names as text: of any bytes, of any length."""

from __future__ import annotations

import os
import re
from pathlib import PurePath

_LONGEST = 150


def readable(path: str | PurePath) -> str:
    """A file's own name as a person reads it.

    A name is bytes; a computer in China may have written it in GBK. Names in neither UTF-8
    nor GB18030 show the bytes that are no text.
    """
    name = os.fsencode(PurePath(path).name)
    for codec in ("utf-8", "gb18030"):
        try:
            text = name.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or text.isprintable():
            return text
    return name.decode("utf-8", "backslashreplace")


def tame(path: str | PurePath, longest: int = _LONGEST) -> str:
    """A file's name as part of ours: no separators, no control characters, no length.

    ``longest`` is in bytes, as file systems count; what is cut off is the beginning.
    """
    text = re.sub(r"[^\w.()+ -]", "_", readable(path))
    return text.encode()[-longest:].decode("utf-8", "ignore")
