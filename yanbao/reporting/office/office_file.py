"""What DOCX and PPTX share: words on every page, a template to open, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from yanbao.base.errors import EXIT_USAGE, YanbaoError
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import TEMPLATES
from yanbao.reporting.styling.xml_text import xml_text

# What pack.docx and pack.pptx hold where the firm has its own. Both were made with python-docx
# and python-pptx from their empty files; edit them in Word and PowerPoint.
_TEMPLATE_FONT, _TEMPLATE_COLOUR = "微软雅黑", "2B4A78"
MARK_COLOUR = "#B45309"  # of 样例 and 内部使用
# The first moment that a ZIP file can say.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class TemplateError(YanbaoError):
    """An analyst team's template cannot be filled; nothing was printed from it."""

    exit_code = EXIT_USAGE


def open_template(opener: Callable[..., Any], template: Path) -> Any:
    """A template of the analyst team. ``opener`` is Document or Presentation."""
    try:
        return opener(str(template))
    except Exception as error:
        raise TemplateError(
            f"the template cannot be opened ({type(error).__name__})",
            where=str(template),
            hint="save it as .docx or .pptx (not .dotx, .potx, or with a password)",
        ) from error


def our_template(name: str, house: HouseStyle) -> io.BytesIO:
    """Our own, with the font and the colour of the house style instead of the template's."""
    swaps = {
        _TEMPLATE_FONT: escape(house.fonts.office, {'"': "&quot;"}),
        _TEMPLATE_COLOUR: house.colours.header.lstrip("#").upper(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(TEMPLATES / name) as source, zipfile.ZipFile(buffer, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            for old, new in swaps.items():
                content = content.replace(old.encode(), new.encode())
            target.writestr(part, content)
    return buffer


def save(document: Any, pack: PrintedPack, path: Path) -> None:
    """Writes a document or a deck without the times of writing, which differ each run."""
    _describe(document.core_properties, pack)
    buffer = io.BytesIO()
    document.save(buffer)
    with (
        zipfile.ZipFile(buffer) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))


def _describe(properties: Any, pack: PrintedPack) -> None:
    """Title, release and the release's own time as the file's properties."""
    properties.title = xml_text(f"{pack.title} {pack.manifest.as_of}")[:255]
    properties.comments = xml_text(f"release {pack.manifest.release_id}")[:255]
    properties.author = properties.last_modified_by = ""
    properties.created = properties.modified = pack.manifest.created_at.replace(tzinfo=None)
    properties.revision = 1


def page_marks(pack: PrintedPack) -> str:
    """What every page says of the pack, in brackets."""
    return "".join(f"【{word}】" for word in pack.marks)


def footer_lines(pack: PrintedPack) -> tuple[str, ...]:
    """The run in one line, then the disclaimer where the house style has one."""
    return tuple(line for line in (pack.footer.line, pack.house.disclaimer) if line)


def closing_lines(pack: PrintedPack) -> tuple[str, ...]:
    """The run and the days behind the numbers, in the words of every output."""
    return tuple(f"{label}：{text}" for label, text in (*pack.footer.entries, *pack.dates))
