"""Default colours and fonts of packs, and whether this machine has a CJK font.

A house style replaces the defaults (``yanbao.reporting.styling.house_style``).

Chinese market colours: red is up, green is down. The sign is always printed as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT

# Pages, style sheets and office files that packs are laid out in.
TEMPLATES = PROJECT_ROOT / "reports" / "templates"

UP = "#c8232c"
DOWN = "#12803c"
FLAT = "#6b7280"
INK = "#1f2937"
MUTED = "#687082"
GRID = "#e3e6eb"
HEADER_FILL = "#2b4a78"
SERIES = (
    "#3b6ea8", "#d98324", "#5b8c5a", "#8a5a9e", "#b5485d", "#4b9ca6",
    "#7d6b4f", "#c77f9d", "#7a8a1f", "#2f4b6e", "#9a4f1e", "#7f8fa9",
)  # fmt: skip

FONTS = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC")
INSTALL_FONTS = (
    "Debian: apt-get install fonts-noto-cjk; Windows and macOS have one; "
    "elsewhere put Noto Sans CJK SC into the system's fonts"
)
XLSX_FONT = "微软雅黑"

_CJK_FILES = (
    "notosanscjk", "notosanssc", "notoserifcjk", "sourcehansans", "msyh", "simhei",
    "simsun", "pingfang", "hiragino sans gb", "stheiti", "wqy", "droidsansfallback",
)  # fmt: skip


def font_folders() -> tuple[Path, ...]:
    """Where Windows, macOS and Linux keep their fonts."""
    if sys.platform == "win32":
        return (Path("C:/Windows/Fonts"),)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    home = Path.home()
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".fonts",
        home / ".local/share/fonts",
    )


def has_cjk_font(folders: Iterable[Path] | None = None) -> bool:
    """Whether a font file with Chinese glyphs is installed, judged by known file names."""
    return any(
        name.lower().startswith(_CJK_FILES)
        for folder in (font_folders() if folders is None else folders)
        for _, _, names in os.walk(folder)
        for name in names
    )


def text_width(text: str, size: float) -> float:
    """A width in pixels that is never too small: a CJK glyph is as wide as it is high."""
    return sum(size if ord(letter) > 0x2E7F else size * 0.6 for letter in text)
