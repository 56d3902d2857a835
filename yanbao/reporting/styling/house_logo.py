"""The logo of a firm: a PNG or SVG file, checked before it goes into a report."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from yanbao.base.errors import EXIT_USAGE, YanbaoError
from yanbao.reporting.styling.rasterise import rasterise

LARGEST = 512 * 1024
_MOST_PIXELS = 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|mm|cm|in)?\s*")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?[^#'\"]")
_ACTIVE = {"script", "foreignObject", "image", "use", "animate", "set", "handler", "iframe"}


class LogoError(YanbaoError):
    """The logo cannot be used."""

    exit_code = EXIT_USAGE

    @classmethod
    def of(cls, path: Path, fault: str, hint: str) -> LogoError:
        return cls(f"{path.name}{fault}", hint=hint)


@dataclass(frozen=True)
class Logo:
    """The file's bytes; ``width`` and ``height`` give its proportions."""

    path: Path
    media_type: str
    data: bytes
    width: float
    height: float

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"

    def png(self, scale: int = 4) -> bytes:
        """For formats that hold no SVG."""
        if self.media_type == "image/png":
            return self.data
        return rasterise(self.data.decode("utf-8"), scale)


def read_logo(path: Path) -> Logo:
    """Refuses what is no picture, is too large, or could load or run something."""
    size = path.stat().st_size
    if size > LARGEST:
        fault = f" has {size:,} bytes, a logo at most {LARGEST:,}"
        raise LogoError.of(path, fault, "save it smaller, it is a few centimetres wide")
    data = path.read_bytes()
    if data.startswith(_PNG):
        return _png(path, data)
    if path.suffix.lower() == ".svg":
        return _svg(path, data)
    raise LogoError.of(path, " is neither PNG nor SVG", "save it as PNG or SVG")


def _png(path: Path, data: bytes) -> Logo:
    # The header chunk comes first and starts with width and height.
    if len(data) < 33 or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        raise LogoError.of(path, " is a damaged PNG", "save it again")
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS):
        fault = f" is {width}×{height} pixels, a side has at most {_MOST_PIXELS}"
        raise LogoError.of(path, fault, "save it smaller")
    return Logo(path, "image/png", data, float(width), float(height))


def _svg(path: Path, data: bytes) -> Logo:
    """Shapes and text alone: nothing that runs, refers elsewhere, or expands."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        hint = "save it as plain SVG, or as PNG"
        raise LogoError.of(path, " declares a document type", hint)
    try:
        root = ET.fromstring(data)  # noqa: S314 (no entities: refused above)
    except ET.ParseError as error:
        hint = "save it again, or as PNG"
        raise LogoError.of(path, f" is no SVG ({error})", hint) from error
    for fault in filter(None, map(_fault, root.iter())):
        raise LogoError.of(path, fault, "save it as plain SVG with paths, or as PNG")
    width, height = _svg_size(root)
    if not (width > 0 and height > 0):
        hint = "give its <svg> a viewBox, or width and height"
        raise LogoError.of(path, " says no size", hint)
    return Logo(path, "image/svg+xml", data, width, height)


def _fault(element: ET.Element) -> str:
    """What of an element could run something or load it from elsewhere."""
    name = str(element.tag).rpartition("}")[2]
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        refers = attribute == "href" and not value.startswith("#")
        if attribute.startswith("on") or refers or _ELSEWHERE.search(value):
            return f": the attribute {attribute} of <{name}> refers elsewhere"
    is_active = name in _ACTIVE or (name == "style" and "url(" in (element.text or ""))
    return f" holds <{name}>" if is_active else ""


def _svg_size(root: ET.Element) -> tuple[float, float]:
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4:
        sides = box[2:]
    else:
        found = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
        sides = [length[1] for length in found if length]
    try:
        width, height = map(float, sides)
    except ValueError:
        return 0.0, 0.0
    return width, height
