"""Files that no person dropped, and files that hold no table: they are passed over."""

from __future__ import annotations

from pathlib import Path

from yanbao.base.errors import FileRefusedError
from yanbao.base.file_names import readable
from yanbao.inbox.intake import KNOWN_ENDINGS

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download")
# What systems keep in folders; a name that begins with a dot is hidden everywhere.
_KEPT = frozenset(
    {
        "$recycle.bin",
        "__macosx",
        "desktop.ini",
        "ehthumbs.db",
        "icon\r",
        "system volume information",
        "thumbs.db",
    }
)
# A spreadsheet that is open has a file ~$NAME beside it.
_OWNED = (".", "~$")


def is_litter(path: Path) -> bool:
    """Whether a system or a program made it for itself, or has not finished it yet."""
    name = path.name.casefold()
    return name in _KEPT or name.startswith(_OWNED) or path.suffix.lower() in UNFINISHED


def files_of(folder: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder that may hold a table, and a word on what else a person put there.

    Folders in it are named, and not looked into: they are archives as often as data.
    """
    files, words = [], []
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        why = f"the folder cannot be opened ({error.strerror})"
        raise FileRefusedError(why, "check its rights", where=readable(folder)) from error
    for path in entries:
        if is_litter(path):
            continue
        if path.is_dir():
            words.append(
                f"{readable(path)}: a folder, not looked into; name it to take its files"
            )
        elif path.suffix.lower() not in KNOWN_ENDINGS:
            words.append(f"{readable(path)}: passed over, {path.suffix.lower()} holds no table")
        elif path.is_file():
            files.append(path)
    if not files:
        words.append(f"{readable(folder)}: no file to import")
    return files, words
