"""The files of releases: fingerprints, one copy of what two have in common, and removal."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

READ_BLOCK = 1 << 22
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


def once(path: Path, kept: Path, known: dict[str, Any] | None, root: Path) -> dict[str, Any]:
    """The fingerprint of a new file; where ``kept`` has its bytes, one copy serves both.

    ``known`` is what the release before recorded of ``kept``.
    """
    if known and is_shared(path):
        return known
    found = fingerprint(path)
    if found == known and "sha256" in found and fingerprint(kept) == found:
        path.unlink()
        share(kept, path, root, found["sha256"])
    return found


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


def fingerprint(path: Path) -> dict[str, Any]:
    """Size and hash of a published file.

    The database is checked by CRC-32, which finds bit-rot at 2 GB/s; SHA-256 would cost
    more CPU than the whole night's SQL. What it means is proven by its content hashes.
    """
    if path.suffix == ".duckdb":
        crc = 0
        with path.open("rb") as file:
            while block := file.read(READ_BLOCK):
                crc = zlib.crc32(block, crc)
        return {"bytes": path.stat().st_size, "crc32": f"{crc:08x}"}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def make_read_only(folder: Path) -> None:
    for root, folders, files in os.walk(folder):
        for name in files:
            Path(root, name).chmod(0o444)
        for name in folders:
            Path(root, name).chmod(0o555)
    folder.chmod(0o555)


def remove_folder(folder: Path) -> None:
    """Remove a folder whose parts may be read-only."""
    for root, folders, _ in os.walk(folder):
        Path(root).chmod(stat.S_IRWXU)
        for name in folders:
            Path(root, name).chmod(stat.S_IRWXU)
    shutil.rmtree(folder)
