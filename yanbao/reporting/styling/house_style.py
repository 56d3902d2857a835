"""The house style: how the reports of a firm look and who signs them, from one YAML file.

``reports/house.yml`` holds every key with its default; a firm's own file holds only what
differs. Policies that change printed text (万/亿, negative PE) are applied while a
pack is composed, so that all formats agree; the rest is for the renderers.
"""

from __future__ import annotations

import colorsys
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo

from yanbao.base.errors import EXIT_USAGE, YanbaoError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import Text, YamlModel, as_list, as_tuple, check, read_yaml, wrong
from yanbao.reporting.styling.house_logo import Logo, LogoError, read_logo
from yanbao.reporting.styling.number_policy import AS_STORED, NumberPolicy
from yanbao.reporting.styling.theme import DOWN, FLAT, FONTS, HEADER_FILL, SERIES, UP, XLSX_FONT

DEFAULT_FILE = PROJECT_ROOT / "reports" / "house.yml"
HeaderStyle = Literal["ours", "terminal"]
Audience = Literal["internal", "external"]
_LONGEST_LINE = 90
_GREY = 0.1
# The hue in degrees at which each word begins.
_HUES = (
    (0, "红色"), (20, "橙色"), (45, "黄色"), (75, "绿色"), (165, "青色"), (195, "蓝色"),
    (255, "紫色"), (340, "红色"),
)  # fmt: skip


class HouseStyleError(YanbaoError):
    """The file of a house style cannot be understood."""

    exit_code = EXIT_USAGE


def _matching(pattern: str, what: str, hint: str) -> AfterValidator:
    def check_text(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise wrong(f"{text!r} is no {what}", hint)
        return text

    return AfterValidator(check_text)


def _file(name: Any, info: ValidationInfo) -> Path | None:
    """A file beside that of the house style; nothing where the key is empty."""
    if isinstance(name, Path):
        return name
    if not name:
        return None
    folder: Path = (info.context or {})["folder"]
    path = (folder / Path(str(name)).expanduser()).resolve()
    if not path.is_file():
        raise wrong(f"there is no file {name!r}", "paths are relative to the house file")
    return path


def _logo(name: Any, info: ValidationInfo) -> Logo | None:
    path = None if isinstance(name, Logo) else _file(name, info)
    try:
        return read_logo(path) if path else name or None
    except LogoError as error:
        raise wrong(error.what, error.hint) from error


def _empty(text: Any) -> Any:
    return "" if text is None else text


Colour = Annotated[
    Text,
    _matching("#[0-9a-fA-F]{6}", "colour", "write it as '#c8232c', in quotes"),
    AfterValidator(str.lower),
]
# A family name goes into style sheets and office files as it is.
Family = Annotated[
    Text,
    _matching(
        r"[\w \-]+",
        "font family",
        "give the family's name as the system lists it, e.g. Noto Sans CJK SC",
    ),
]
Email = Annotated[
    Text,
    _matching(
        r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", "e-mail address", "write it as name@example.com"
    ),
]
File = Annotated[Path | None, PlainValidator(_file, json_schema_input_type=str | None)]
# A text that may be empty: an empty watermark is none.
Line = Annotated[
    str,
    BeforeValidator(_empty, json_schema_input_type=str | None),
    AfterValidator(lambda text: " ".join(text.split())),
]


class Analyst(YamlModel):
    """Who signs: ``licence`` is the number of the practising certificate."""

    name: Text
    licence: Text = ""
    email: Email = ""

    @property
    def line(self) -> str:
        licence = f"执业证书编号：{self.licence}" if self.licence else ""
        return " ".join(part for part in (self.name, licence, self.email) if part)


class Fonts(YamlModel):
    """``page``: families tried in turn on pages; ``office``: the one named in office files."""

    page: Annotated[
        tuple[Family, ...],
        BeforeValidator(as_tuple, json_schema_input_type=str | list[str]),
        Field(min_length=1),
    ] = FONTS
    office: Family = XLSX_FONT


class Colours(YamlModel):
    """Six-digit hex colours. ``header`` fills table headers; ``series`` are for charts."""

    up: Colour = UP
    down: Colour = DOWN
    flat: Colour = FLAT
    header: Colour = HEADER_FILL
    series: Annotated[
        tuple[Colour, ...],
        BeforeValidator(as_list),
        Field(min_length=1),
    ] = SERIES

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


class Templates(YamlModel):
    """The team's own files that DOCX and PPTX fill."""

    docx: File = None
    pptx: File = None


class HouseStyle(YamlModel):
    """The house style of a firm; what its file omits is default."""

    fonts: Fonts = Fonts()
    colours: Colours = Colours()
    logo: Annotated[Logo | None, PlainValidator(_logo, json_schema_input_type=str | None)] = (
        None
    )
    header_style: HeaderStyle = "ours"
    numbers: NumberPolicy = AS_STORED
    analysts: Annotated[tuple[Analyst, ...], BeforeValidator(as_list)] = ()
    disclaimer: Line = (
        "本报告由公开或自购数据自动生成，仅供参考，不构成投资建议。"
        "数字以所注明的来源、日期与发布编号为准。"
    )
    watermark: Line = ""
    audience: Audience = "internal"
    templates: Templates = Templates()

    @property
    def font_stack(self) -> str:
        return ", ".join((*self.fonts.page, "sans-serif"))

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


def load_house_style(
    path: Path | None = None, audience: Audience | None = None, **templates: Path | None
) -> HouseStyle:
    """The house style of a file, the shipped one if none is given.

    An ``audience`` and ``templates`` (docx, pptx) that are given go before those of the file.
    """
    chosen = path or DEFAULT_FILE
    if not chosen.is_file():
        raise HouseStyleError(
            "there is no such house file",
            where=str(chosen),
            hint="give a YAML file to --house, YANBAO_HOUSE or <home>/house.yml",
        )
    content = read_yaml(chosen, HouseStyleError) or {}
    context = {"folder": chosen.parent}
    house = check(HouseStyle, content, chosen.name, HouseStyleError, context)
    given = {name: template for name, template in templates.items() if template is not None}
    for template in given.values():
        if not template.is_file():
            raise HouseStyleError(
                "there is no such template",
                where=str(template),
                hint="give a .docx or .pptx file",
            )
    own = {
        "audience": audience or house.audience,
        "templates": house.templates.model_copy(update=given),
    }
    return house.model_copy(update=own)
