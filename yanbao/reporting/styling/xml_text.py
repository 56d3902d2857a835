"""Text that XML can hold: SVG and office files cannot be opened, or not even drawn, else."""

from __future__ import annotations

import re
from typing import Any

# XML 1.0 has no way to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[\t\r\n]+")


def xml_text(text: str) -> str:
    """One line without control characters, which become blanks."""
    return _BLANKS.sub(" ", _NOT_IN_XML.sub(" ", text))


def xml_values(content: Any) -> Any:
    """The same for every text of a nested structure; line breaks stay."""
    if isinstance(content, str):
        return _NOT_IN_XML.sub(" ", content)
    if isinstance(content, dict):
        return {xml_values(key): xml_values(value) for key, value in content.items()}
    if isinstance(content, list):
        return [xml_values(value) for value in content]
    return content
