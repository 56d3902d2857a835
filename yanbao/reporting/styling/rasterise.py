"""SVG to PNG, by resvg: needs no system library and fetches nothing."""

from __future__ import annotations

# Pixels of the file for each pixel of the drawing: letters stay sharp when it is enlarged.
SCALE = 2


def rasterise(svg: str, scale: int = SCALE) -> bytes:
    import resvg_py  # noqa: PLC0415 (only for formats that hold pictures)

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
