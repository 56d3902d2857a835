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
_ACTIVE = {"script", "foreignObject", "image", "use", "animate", "set", "handler", "iframe"}


class LogoError(YanbaoError):
    """The logo cannot be used."""

    exit_code = EXIT_USAGE


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
        raise LogoError(
            f"{path.name} has {size:,} bytes, a logo at most {LARGEST:,}",
            hint="save it smaller, it is a few centimetres wide",
        )
    data = path.read_bytes()
    if data.startswith(_PNG):
        return _png(path, data)
    if path.suffix.lower() == ".svg":
        return _svg(path, data)
    raise LogoError(f"{path.name} is neither PNG nor SVG", hint="save it as PNG or SVG")


def _png(path: Path, data: bytes) -> Logo:
    # The header chunk comes first and starts with width and height.
    if len(data) < 33 or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        raise LogoError(f"{path.name} is a damaged PNG", hint="save it again")
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS):
        raise LogoError(
            f"{path.name} is {width}×{height} pixels, a side has at most {_MOST_PIXELS}",
            hint="save it smaller",
        )
    return Logo(path, "image/png", data, float(width), float(height))


def _svg(path: Path, data: bytes) -> Logo:
    """Shapes and text alone: nothing that runs, refers elsewhere, or expands."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise LogoError(
            f"{path.name} declares a document type", hint="save it as plain SVG, or as PNG"
        )
    try:
        root = ET.fromstring(data)  # noqa: S314 (no entities: refused above)
    except ET.ParseError as error:
        raise LogoError(
            f"{path.name} is no SVG ({error})", hint="save it again, or as PNG"
        ) from error
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        for key, value in element.attrib.items():
            attribute = key.rpartition("}")[2].lower()
            refers = attribute == "href" and not value.startswith("#")
            if (
                attribute.startswith("on")
                or refers
                or re.search(r"url\(\s*['\"]?[^#'\"]", value)
            ):
                raise LogoError(
                    f"{path.name}: the attribute {attribute} of <{name}> refers elsewhere",
                    hint="save it as plain SVG with paths, or as PNG",
                )
        if name in _ACTIVE or (name == "style" and "url(" in (element.text or "")):
            raise LogoError(
                f"{path.name} holds <{name}>", hint="save it as plain SVG with paths, or as PNG"
            )
    width, height = _svg_size(root)
    if not (width > 0 and height > 0):
        raise LogoError(
            f"{path.name} says no size", hint="give its <svg> a viewBox, or width and height"
        )
    return Logo(path, "image/svg+xml", data, width, height)


def _svg_size(root: ET.Element) -> tuple[float, float]:
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4:
        try:
            return float(box[2]), float(box[3])
        except ValueError:
            return 0.0, 0.0
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if sides[0] is None or sides[1] is None:
        return 0.0, 0.0
    return float(sides[0].group(1)), float(sides[1].group(1))
