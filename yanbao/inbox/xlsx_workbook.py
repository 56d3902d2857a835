"""A workbook's sheets, shared strings and number formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from xml.etree.ElementTree import Element

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.number_formats import NumberFormat
from yanbao.inbox.xlsx_package import Package, damaged_workbook

_WORKBOOK = "xl/workbook.xml"
# Number formats that every workbook has without declaring them.
_BUILT_IN = {
    number: code
    for code, numbers in {
        "0%": "9 10",
        "yyyy-mm-dd": "14 15 16 17 22 27 28 29 30 31 36 50 51 52 53 54 57 58",
        "h:mm": "18 20 32 34",
        "h:mm:ss": "19 21 33 35 46",
        "mm:ss": "45 47",
    }.items()
    for number in numbers.split()
}


@dataclass(frozen=True)
class SheetEntry:
    """A worksheet of the workbook: its name, its part, and whether a person sees it."""

    name: str
    part: str
    hidden: bool

    def damaged(self, why: str) -> FileRefusedError:
        return damaged_workbook(f"sheet {self.name}: {why}")


PLAIN = NumberFormat("General")


class Workbook:
    """Everything that the cells of any sheet refer to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        targets = package.related("").values()
        part = next((one for one in targets if one.endswith("workbook.xml")), _WORKBOOK)
        self._related = package.related(part)
        self.sheets: list[SheetEntry] = []
        self.epoch = datetime(1899, 12, 30)
        for element in package.elements(part, "sheet", "workbookPr"):
            if element.tag == "workbookPr":
                if element.get("date1904") in ("1", "true"):
                    self.epoch = datetime(1904, 1, 1)
                continue
            relation = next((id_ for key, id_ in element.items() if key.endswith("}id")), "")
            self.sheets.append(
                SheetEntry(
                    element.get("name", ""),
                    self._related.get(relation, ""),
                    element.get("state", "visible") != "visible",
                )
            )

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        return [text_of(one) for one in self._elements("sharedStrings", "si")]

    @cached_property
    def formats(self) -> list[NumberFormat]:
        """The number format of each cell style."""
        codes: dict[str, str] = dict(_BUILT_IN)
        styles: list[NumberFormat] = []
        for element in self._elements("styles", "numFmt", "cellXfs"):
            if element.tag == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            else:
                numbers = [style.get("numFmtId", "0") for style in element.iter("xf")]
                styles += [NumberFormat(codes.get(number, "")) for number in numbers]
        return styles

    def reformatted(self, sheet: SheetEntry) -> str:
        """The first range that a condition shows in a format which changes its numbers."""
        changing = set()
        styles = (style for dxfs in self._elements("styles", "dxfs") for style in dxfs)
        for at, style in enumerate(styles):
            form = style.find("numFmt")
            if form is not None and NumberFormat(form.get("formatCode", "")).changes_numbers:
                changing.add(str(at))
        if not changing:
            return ""
        for element in self._package.elements(sheet.part, "conditionalFormatting"):
            if changing.intersection(rule.get("dxfId", "") for rule in element.iter("cfRule")):
                return element.get("sqref", "")
        return ""

    def _elements(self, kind: str, *names: str) -> Iterator[Element]:
        """Elements of the workbook's part of one kind; none where it has no such part."""
        ends = f"{kind}.xml".casefold()
        parts = [part for part in self._related.values() if part.casefold().endswith(ends)]
        return self._package.elements(parts[0], *names) if parts else iter(())


def text_of(string: Element) -> str:
    """The text of a string, plain or in runs; pronunciation guides are no part of it."""
    runs = (run for run in string if run.tag != "rPh")
    return "".join(text.text or "" for run in runs for text in run.iter("t"))
