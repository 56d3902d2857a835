"""A small font for drawings: the letters of one pack's charts, cut from the installed font.

The drawing library opens the file of a font again for each text that it measures. With a
whole CJK font, some 20 MB, that is most of a drawing's time. The drawing comes out the same,
and names the house's own fonts.
"""

from __future__ import annotations

import json
import string
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import vl_convert
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house import House
from yanbao.reporting.styling.theme import cjk_font_files

# Cutting takes about a second; that much is saved by this many charts.
MANY_CHARTS = 4
WEIGHTS = ("Regular", "Bold")
_ALWAYS = frozenset(string.printable) | frozenset("–—·…−▲▼％（），。、：；“”【】")


@dataclass(frozen=True)
class Cut:
    """A registered font that stands for ``family`` where only ``letters`` are drawn."""

    name: str
    family: str
    letters: frozenset[str]


_cuts: list[Cut] = []


def cut_font(charts: Iterable[PrintedChart], house: House) -> None:
    """Makes the small font for many charts, once.

    Without the house's first font among the known files in both weights, drawings use what
    they find, as they do without this.
    """
    drawn = [chart for chart in charts if chart.points]
    # The text form of a chart holds each of its texts.
    letters = _ALWAYS.union(*map(repr, drawn), *(chart.caption for chart in drawn))
    family = house.fonts[0]
    if len(drawn) < MANY_CHARTS or _cut_of(family, letters):
        return
    faces = {weight: _face(family, weight) for weight in WEIGHTS}
    # One word: a family that ends in a number would need quotes.
    name = f"YanbaoDrawing{len(_cuts) + 1}"
    folder = Path(_folder().name)
    for weight, face in faces.items():
        if face is None:
            return
        _write(face, letters, name, folder / f"{name} {weight}.otf")
    vl_convert.register_font_directory(str(folder))
    _cuts.append(Cut(name, family, letters))


def small_font(house: House, spec: dict[str, Any]) -> str:
    """The small font that holds every letter of a drawing; empty where none does."""
    if not _cuts:
        return ""
    cut = _cut_of(house.fonts[0], frozenset(json.dumps(spec, ensure_ascii=False)))
    return cut.name if cut else ""


def in_small_font(svg: str, house: House) -> str:
    """A drawing that names the small font first, to be turned into pixels; else as it is."""
    cut = _cut_of(house.fonts[0], frozenset(svg))
    named = f'font-family="{house.font_stack}"'
    return svg.replace(named, named.replace('"', f'"{cut.name}, ', 1)) if cut else svg


def _cut_of(family: str, letters: frozenset[str]) -> Cut | None:
    fitting = (cut for cut in _cuts if cut.family == family and letters <= cut.letters)
    return next(fitting, None)


def _face(family: str, weight: str) -> tuple[Path, int] | None:
    """The file and number of a face; nothing where no known file holds it."""
    for file in cjk_font_files():
        for number, names in enumerate(_names(file)):
            if names == (family, weight):
                return file, number
    return None


@lru_cache(maxsize=64)
def _names(file: Path) -> tuple[tuple[str, str], ...]:
    """Family and weight of each face of a file; none of one that cannot be read."""
    try:
        fonts = (
            TTCollection(file, lazy=True).fonts
            if file.suffix.lower() == ".ttc"
            else [TTFont(file, lazy=True)]
        )
        names = [font["name"] for font in fonts]
    except (TTLibError, OSError, KeyError):
        return ()
    return tuple(
        (name.getBestFamilyName() or "", name.getBestSubFamilyName() or "") for name in names
    )


def _write(face: tuple[Path, int], letters: frozenset[str], name: str, path: Path) -> None:
    font = TTFont(face[0], fontNumber=face[1], lazy=True)
    options = subset.Options(notdef_outline=True, name_IDs=["*"], ignore_missing_unicodes=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(letters))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = name
    font.save(path)


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Kept as long as the process, since the files are opened at each drawing."""
    return tempfile.TemporaryDirectory(prefix="yanbao-fonts-", ignore_cleanup_errors=True)
