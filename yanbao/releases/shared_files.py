"""Files that two releases have in common are stored once: as hard links, else as references."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

SHARED = "shared"  # below releases/: files that references point at, named by their hash


def share(kept: Path, target: Path, root: Path, sha256: str) -> None:
    """Put a file of an earlier release at ``target`` as well; ``root`` is ``releases/``.

    Where the file system has no hard links, the file is kept once below ``shared/`` and the
    releases refer to it by relative symlinks, as ``current`` is one.
    """
    try:
        os.link(kept, target, follow_symlinks=False)
    except OSError:
        stored = root / SHARED / f"{sha256}{kept.suffix}"
        if not stored.exists():
            stored.parent.mkdir(exist_ok=True)
            draft = stored.with_suffix(".tmp")
            shutil.copyfile(kept, draft)
            draft.replace(stored)
        target.symlink_to(os.path.relpath(stored, target.parent))


def is_shared(path: Path) -> bool:
    """Whether a file of a new release was taken over from an earlier one."""
    return path.is_symlink() or path.stat().st_nlink > 1


def unreferenced(root: Path, going: Iterable[Path]) -> list[Path]:
    """Files below ``shared/`` that no release refers to but those that are going."""
    stored = [*(root / SHARED).glob("*")]
    if not stored:
        return []
    gone = {*going}
    staying = (one for one in root.iterdir() if one.is_dir() and not one.is_symlink())
    used = {
        path.resolve()
        for folder in staying
        if folder not in gone and folder.name != SHARED
        for path in folder.rglob("*")
        if path.is_symlink()
    }
    return [path for path in stored if path.resolve() not in used]
