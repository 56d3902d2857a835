"""What a team's Word template brings: where the pack goes, and what is there already."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

MARKER = "{{yanbao}}"


def place(document: Any) -> Any:
    """The marker's paragraph, else the last section's properties at the end of the body."""
    for element in document.element.body.iterchildren(qn("w:p")):
        if element.text.strip() == MARKER:
            return element
    return document.element.body.get_or_add_sectPr()


def has_text(document: Any) -> bool:
    """Whether a template brings its own front: words other than the marker."""
    words = (paragraph.text.strip() for paragraph in document.paragraphs)
    return any(word and word != MARKER for word in words) or bool(document.tables)


def governing_section(document: Any, anchor: Any) -> Any:
    """The section of an element is the one that ends next."""
    ended = anchor.xpath("./following-sibling::w:p/w:pPr/w:sectPr")
    return ended[0] if ended else document.element.body.get_or_add_sectPr()


def is_numbered(style: Any) -> bool:
    """Whether the template counts its headings itself."""
    properties = style.element.pPr
    return properties is not None and properties.find(qn("w:numPr")) is not None
