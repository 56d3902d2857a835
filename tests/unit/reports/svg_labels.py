"""Where the letters of a drawn chart stand: the boxes of its texts, by our own measure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from yanbao.reporting.styling.theme import text_width

_MOVE = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True)
class Box:
    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def text_boxes(svg: str) -> list[Box]:
    """One box per printed line. Turned text is refused: no chart of ours turns its letters."""
    return list(_boxes(ET.fromstring(svg), (0.0, 0.0)))  # noqa: S314 (our own drawing)


def _boxes(node: ET.Element, origin: tuple[float, float]) -> Iterator[Box]:
    moved = node.get("transform", "")
    assert "rotate" not in moved or "rotate(0" in moved, f"turned text: {moved}"
    for x, y in _MOVE.findall(moved):
        origin = (origin[0] + float(x), origin[1] + float(y))
    if node.tag.endswith("}text"):
        line, size = node.text or "", float(node.attrib["font-size"])
        width = text_width(line, size) * 0.97  # our measure is never too small
        at = origin[0] + float(node.attrib["x"])
        left = at - width * _ANCHORS[node.attrib["text-anchor"]]
        # y is the base line; Chinese glyphs reach about 0.88 above and 0.12 below it.
        base = origin[1] + float(node.attrib["y"])
        yield Box(line, left, base - 0.85 * size, left + width, base + 0.1 * size)
    for child in node:
        yield from _boxes(child, origin)


def collisions(svg: str) -> list[tuple[str, str]]:
    boxes = [box for box in text_boxes(svg) if box.text.strip()]
    return [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)]


def outside(svg: str) -> list[str]:
    """Texts that the edge of the picture would cut."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    width, height = float(found[1]), float(found[2])
    return [
        box.text
        for box in text_boxes(svg)
        if box.left < -1 or box.right > width + 1 or box.top < -1 or box.bottom > height + 1
    ]
