"""Text that XML can hold: SVG and office files cannot be opened, or not even drawn, else."""

from __future__ import annotations

import re

# XML 1.0 has no way to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[\t\r\n]+")


def xml_text(text: str) -> str:
    """One line without control characters, which become blanks."""
    return _BLANKS.sub(" ", _NOT_IN_XML.sub(" ", text))
