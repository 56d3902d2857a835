"""A workbook's sheets, shared strings and number formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from yanbao.inbox.xlsx_package import Attributes, Package, local, strict_parser

_WORKBOOK = "xl/workbook.xml"
# Number formats that every workbook has without declaring them.
_BUILT_IN = {
    **dict.fromkeys((9, 10), "0%"),
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36), "yyyy-mm-dd"),
    **dict.fromkeys((50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    22: "yyyy-mm-dd hh:mm",
    **dict.fromkeys((18, 20, 32, 34), "h:mm"),
    **dict.fromkeys((19, 21, 33, 35), "h:mm:ss"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True)
class SheetEntry:
    """A worksheet of the workbook: its name, its part, and whether a person sees it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class NumberFormat:
    """How a number is shown: as a number, ``date``, ``time``, ``percent`` or ``zeros``.

    ``code`` is the shown form of a time (``h:mm``) and the width of leading zeros.
    """

    kind: str
    code: str = ""


_PLAIN = NumberFormat("number")


class Workbook:
    """Everything that the cells of any sheet refer to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = self._find_part()
        self._related = package.related(self._part)
        elements = package.elements(self._part)
        self.sheets = [
            SheetEntry(
                attributes.get("name", ""),
                self._related.get(attributes.get("id", ""), ""),
                attributes.get("state", "visible") != "visible",
            )
            for element, attributes in elements
            if element == "sheet"
        ]
        self.from_1904 = any(
            element == "workbookPr" and attributes.get("date1904") in ("1", "true")
            for element, attributes in elements
        )

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings; pronunciation guides are no part of a text."""
        part = self._part_of("sharedStrings")
        found: list[str] = []
        if not part:
            return found
        pieces: list[str] = []
        state = {"text": False, "guide": 0}

        def start(tag: str, _: Attributes) -> None:
            name = local(tag)
            if name == "si":
                pieces.clear()
            elif name == "rPh":
                state["guide"] += 1
            elif name == "t":
                state["text"] = not state["guide"]

        def end(tag: str) -> None:
            name = local(tag)
            if name == "si":
                found.append("".join(pieces))
            elif name == "rPh":
                state["guide"] -= 1
            elif name == "t":
                state["text"] = False

        def text(data: str) -> None:
            if state["text"]:
                pieces.append(data)

        parser = strict_parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        self._package.feed(parser, part)
        return found

    @cached_property
    def formats(self) -> list[NumberFormat]:
        """The number format of each cell style."""
        part = self._part_of("styles")
        if not part:
            return []
        codes: dict[int, str] = dict(_BUILT_IN)
        styles: list[NumberFormat] = []
        inside = ""
        for element, attributes in self._package.elements(part):
            if element == "numFmt" and attributes.get("numFmtId", "").isdigit():
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif element in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = element
            elif element == "xf" and inside == "cellXfs":
                number = attributes.get("numFmtId", "0")
                styles.append(number_format(codes.get(int(number), "")))
        return styles

    def _find_part(self) -> str:
        for target in self._package.related("").values():
            if target.endswith("workbook.xml"):
                return target
        return _WORKBOOK

    def _part_of(self, kind: str) -> str:
        ends = f"{kind}.xml".casefold()
        found = [p for p in self._related.values() if p.casefold().endswith(ends)]
        return found[0] if found else ""


def number_format(code: str) -> NumberFormat:
    """What a format code shows; only its first section counts."""
    plain = _LITERAL.sub("", code.partition(";")[0]).casefold().strip()
    if re.search(r"[yd年]", plain):
        return NumberFormat("date")
    if re.search(r"[hs]", plain) or "[m" in plain:
        parts = [part for part in ("h", "m", "s") if part in plain]
        return NumberFormat("time", ":".join(parts))
    if re.fullmatch(r"m+[月]?", plain):
        return NumberFormat("date")
    if "%" in plain:
        return NumberFormat("percent")
    if re.fullmatch(r"0{2,}", plain):
        return NumberFormat("zeros", str(len(plain)))
    return _PLAIN
