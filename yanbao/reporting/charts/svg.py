"""A small writer of SVG: shapes and texts in the order of drawing, every value escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import escape

from yanbao.reporting.styling.theme import INK
from yanbao.reporting.styling.xml_text import xml_text

LABEL_SIZE = 11
# From the middle of a line of text to its base line, as a share of the size.
_BASE = 0.36
Place = tuple[float, float]


class Drawing:
    """``width`` and ``height`` are in CSS pixels; ``y`` of a text is the middle of its line."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []

    def rect(self, left: float, top: float, width: float, height: float, fill: str) -> None:
        self._add("rect", x=left, y=top, width=width, height=height, fill=fill)

    def path(
        self, places: Sequence[Place], stroke: str, width: float = 1.0, **more: object
    ) -> None:
        """A line through the places."""
        steps = "L".join(f"{_short(x)} {_short(y)}" for x, y in places)
        self._add("path", d=f"M{steps}", fill="none", stroke=stroke, stroke_width=width, **more)

    def dot(self, x: float, y: float, radius: float, fill: str, **more: object) -> None:
        self._add("circle", cx=x, cy=y, r=radius, fill=fill, **more)

    def arrowhead(self, x: float, y: float, length: float, fill: str) -> None:
        """A triangle around a place; it points right, or left where ``length`` is negative."""
        back, half = x - length / 2, abs(length) / 2
        steps = f"M{_short(x + length / 2)} {_short(y)}L{_short(back)} {_short(y - half)}"
        self._add("path", d=f"{steps}V{_short(y + half)}Z", fill=fill)

    def text(
        self, x: float, y: float, text: str, *,
        size: float = LABEL_SIZE, fill: str = INK, anchor: str = "start", **more: object,
    ) -> None:  # fmt: skip
        if not text:
            return
        base = y + size * _BASE
        self._add(
            "text", text, x=x, y=base, font_size=size, fill=fill, text_anchor=anchor, **more
        )

    def place(self, other: Drawing, left: float, top: float) -> None:
        """Another drawing inside this one."""
        moved = f"translate({_short(left)},{_short(top)})"
        self._parts.append(f'<g transform="{moved}">{other.shapes}</g>')

    @property
    def shapes(self) -> str:
        return "".join(self._parts)

    def document(self, caption: str, fonts: str, *, is_sized: bool = True) -> str:
        """The SVG; without a size it takes the width that a page gives it."""
        size = f' width="{_short(self.width)}" height="{_short(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{size if is_sized else ""}'
            f' viewBox="0 0 {_short(self.width)} {_short(self.height)}" role="img"'
            f' aria-label="{escape(xml_text(caption))}" font-family="{escape(fonts)}">'
            f"{self.shapes}</svg>"
        )

    def _add(self, tag: str, text: str = "", /, **attributes: object) -> None:
        words = "".join(
            f' {name.replace("_", "-")}="{escape(_short(value))}"'
            for name, value in attributes.items()
        )
        self._parts.append(
            f"<{tag}{words}>{escape(xml_text(text))}</{tag}>" if text else f"<{tag}{words}/>"
        )


def _short(value: object) -> str:
    """A number with at most two decimals; anything else as it is."""
    if not isinstance(value, (int, float)):
        return xml_text(str(value))
    if not math.isfinite(value):
        raise ValueError("a place in a drawing is not a number")
    return f"{value:.2f}".rstrip("0").rstrip(".")
