"""The house: how a desk's reports look and who signs them, read from one YAML file.

``house.yml`` beside this module holds every key with its default; a desk's own file states
only what differs. Policies that change printed text (万/亿, negative PE) are applied while a
pack is composed, so that all formats agree; the rest is for the renderers.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from yanbao.base.errors import EXIT_USAGE, PackError, YanbaoError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_block import Block, read_yaml
from yanbao.reporting.styling.house_logo import Logo, LogoError, read_logo
from yanbao.reporting.styling.number_policy import AS_STORED, Amounts, NegativePE, NumberPolicy
from yanbao.reporting.styling.theme import DOWN, FLAT, FONTS, HEADER_FILL, SERIES, UP, XLSX_FONT

DEFAULT_FILE = PROJECT_ROOT / "reports" / "house.yml"
HeaderStyle = Literal["ours", "terminal"]
Audience = Literal["internal", "external"]
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST_LINE = 90
_GREY = 0.1
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
# A family name goes into style sheets and office files as it is.
_FAMILY = re.compile(r"[\w \-]+")


# The hue in degrees at which each word begins.
_HUES = (
    (0, "红色"), (20, "橙色"), (45, "黄色"), (75, "绿色"), (165, "青色"), (195, "蓝色"),
    (255, "紫色"), (340, "红色"),
)  # fmt: skip


class HouseError(YanbaoError):
    """A house file cannot be understood."""

    exit_code = EXIT_USAGE


@dataclass(frozen=True)
class Analyst:
    """Who signs: ``licence`` is the number of the practising certificate."""

    name: str
    licence: str = ""
    email: str = ""

    @property
    def line(self) -> str:
        licence = f"执业证书编号：{self.licence}" if self.licence else ""
        return " ".join(part for part in (self.name, licence, self.email) if part)


@dataclass(frozen=True)
class Colours:
    """Six-digit hex colours. ``header`` fills table headers; ``series`` are for charts."""

    up: str = UP
    down: str = DOWN
    flat: str = FLAT
    header: str = HEADER_FILL
    series: tuple[str, ...] = SERIES

    @property
    def tones(self) -> dict[str, str]:
        """Tone of a printed number → colour; the empty one is for plain bars."""
        return {"up": self.up, "down": self.down, "flat": self.flat, "": self.series[0]}

    @property
    def legend(self) -> str:
        """What the colours mean, in words: 红色为涨，绿色为跌."""
        return f"{_hue(self.up)}为涨，{_hue(self.down)}为跌"

    @staticmethod
    def on_dark(colour: str) -> str:
        """The colour, lighter, so that it can be read on a dark page."""
        lighter = (channel + (255 - channel) * 2 // 5 for channel in _channels(colour))
        return "#" + "".join(f"{channel:02x}" for channel in lighter)

    def series_colour(self, number: int) -> str:
        return self.series[number % len(self.series)]


@dataclass(frozen=True)
class House:
    """``fonts`` are families tried in turn on pages, ``office_font`` is the one named in
    XLSX, DOCX and PPTX. ``template_docx`` and ``template_pptx`` are the desk's own files
    that those formats fill."""

    fonts: tuple[str, ...] = FONTS
    office_font: str = XLSX_FONT
    colours: Colours = Colours()
    logo: Logo | None = None
    header_style: HeaderStyle = "ours"
    numbers: NumberPolicy = AS_STORED
    analysts: tuple[Analyst, ...] = ()
    disclaimer: str = (
        "本报告由公开或自购数据自动生成，仅供参考，不构成投资建议。"
        "数字以所注明的来源、日期与发布编号为准。"
    )
    watermark: str = ""
    audience: Audience = "internal"
    template_docx: Path | None = None
    template_pptx: Path | None = None

    @property
    def font_stack(self) -> str:
        return ", ".join((*self.fonts, "sans-serif"))

    @property
    def disclaimer_line(self) -> str:
        """Its first sentence, for the foot of every page."""
        first, stop, _ = self.disclaimer.partition("。")
        line = first + stop
        return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"

    @property
    def analyst_lines(self) -> tuple[str, ...]:
        return tuple(f"分析师：{analyst.line}" for analyst in self.analysts)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hue(colour: str) -> str:
    """The word for a colour; near grey it is 灰色."""
    red, green, blue = (channel / 255 for channel in _channels(colour))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _GREY:
        return "灰色"
    return [word for start, word in _HUES if start <= hue * 360][-1]


def load_house(path: Path | None = None) -> House:
    """The house of a file, the shipped one if none is given; what it omits is default."""
    chosen = path or DEFAULT_FILE
    if not chosen.is_file():
        raise HouseError(
            "there is no such house file",
            where=str(chosen),
            hint="give a YAML file to --house, YANBAO_HOUSE or <home>/house.yml",
        )
    try:
        return parse_house(read_yaml(chosen) or {}, chosen.parent)
    except (PackError, LogoError) as error:
        where = f"{chosen.name}: {error.where}".removesuffix(": ")
        where = chosen.name if error.where in ("pack", chosen.name) else where
        raise HouseError(error.what, where=where, hint=error.hint) from error


def parse_house(content: Any, folder: Path) -> House:
    """A house from plain YAML values; files it names are relative to ``folder``."""
    root = Block(content, "")
    default = House()
    fonts = root.block("fonts")
    colours = root.block("colours")
    numbers = root.block("numbers")
    templates = root.block("templates")
    house = House(
        fonts=_families(fonts, "page", default.fonts),
        office_font=_families(fonts, "office", (default.office_font,))[0],
        colours=_colours(colours, default.colours),
        logo=_logo(root, folder),
        header_style=_choice(root, "header_style", HeaderStyle, default.header_style),
        numbers=NumberPolicy(
            amounts=_choice(numbers, "amounts", Amounts, default.numbers.amounts),
            negative_pe=_choice(
                numbers, "negative_pe", NegativePE, default.numbers.negative_pe
            ),
        ),
        analysts=tuple(
            _analyst(Block(entry, f"analysts[{number}]"))
            for number, entry in enumerate(root.items("analysts"))
        ),
        disclaimer=_line(root, "disclaimer", default.disclaimer),
        watermark=_line(root, "watermark", default.watermark),
        audience=_choice(root, "audience", Audience, default.audience),
        template_docx=_file(templates, "docx", folder),
        template_pptx=_file(templates, "pptx", folder),
    )
    for block in (fonts, colours, numbers, templates, root):
        block.close()
    return house


def with_templates(house: House, docx: Path | None = None, pptx: Path | None = None) -> House:
    """The house with other templates; one that is not given stays as the house has it."""
    for path in (docx, pptx):
        if path is not None and not path.is_file():
            raise HouseError(
                "there is no such template", where=str(path), hint="give a .docx or .pptx file"
            )
    return replace(
        house,
        template_docx=docx or house.template_docx,
        template_pptx=pptx or house.template_pptx,
    )


def _choice(block: Block, key: str, known: Any, default: str) -> Any:
    """One word of a closed set, which is the Literal ``known``."""
    return block.choice(key, get_args(known), default)


def _line(block: Block, key: str, default: str) -> str:
    """A text that may be empty: an empty watermark is none."""
    if not block.has(key):
        return default
    value = block.values[key]
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PackError(f"a text is expected, not {value!r}", where=block.place(key))
    return " ".join(value.split())


def _families(block: Block, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    names = block.texts(key) or default
    for name in names:
        if not _FAMILY.fullmatch(name):
            raise PackError(
                f"{name!r} is no font family",
                where=block.place(key),
                hint="give the family's name as the system lists it, e.g. Noto Sans CJK SC",
            )
    return names


def _colours(block: Block, default: Colours) -> Colours:
    series = block.texts("series") or default.series
    for colour in series:
        _require_colour(colour, block.place("series"))

    def one(key: str, usual: str) -> str:
        return _require_colour(block.text(key, usual), block.place(key))

    return Colours(
        up=one("up", default.up),
        down=one("down", default.down),
        flat=one("flat", default.flat),
        header=one("header", default.header),
        series=tuple(colour.lower() for colour in series),
    )


def _require_colour(text: str, where: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise PackError(
            f"{text!r} is no colour", where=where, hint="write it as '#c8232c', in quotes"
        )
    return text.lower()


def _analyst(block: Block) -> Analyst:
    analyst = Analyst(
        name=block.text("name"),
        licence=block.text("licence", "") if block.has("licence") else "",
        email=block.text("email", "") if block.has("email") else "",
    )
    if analyst.email and not _EMAIL.fullmatch(analyst.email):
        raise PackError(
            f"{analyst.email!r} is no e-mail address",
            where=block.place("email"),
            hint="write it as name@example.com",
        )
    block.close()
    return analyst


def _logo(root: Block, folder: Path) -> Logo | None:
    path = _file(root, "logo", folder)
    if path is None:
        return None
    try:
        return read_logo(path)
    except LogoError as error:
        raise PackError(error.what, where=root.place("logo"), hint=error.hint) from error


def _file(block: Block, key: str, folder: Path) -> Path | None:
    """A file named in the house, relative to its folder; nothing where the key is empty."""
    if not block.has(key) or not block.values[key]:
        return None
    path = (folder / Path(block.text(key)).expanduser()).resolve()
    if not path.is_file():
        raise PackError(
            f"there is no file {block.values[key]!r}",
            where=block.place(key),
            hint="paths are relative to the house file",
        )
    return path
