"""The ZIP package of a workbook: what may be in it, checked before anything is unpacked.

A workbook is a ZIP of XML parts. Its directory at the end states how large everything is,
so that a bomb is refused without unpacking a byte; and a part never gives more bytes than
the directory states. Nothing is ever written to disk, so that names of parts lead nowhere.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from yanbao.base.errors import FileRefusedError

_MIB = 1024**2
_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LARGEST_DIRECTORY = _MIB
_BLOCK = 256 * 1024
# Small parts shrink a lot and do no harm.
_RATIO_COUNTS_FROM = _MIB
_PASTE = "paste its values into a new workbook and drop that"
_UNWANTED = (
    ("vbaproject", "it holds macros", "save it as .xlsx without macros"),
    ("xl/macrosheets/", "it holds macro sheets", "save it as .xlsx without macros"),
    ("xl/externallinks/", "it refers to other files", _PASTE),
    ("xl/connections", "it holds connections to data elsewhere", _PASTE),
    ("xl/querytables/", "it holds queries to data elsewhere", _PASTE),
    ("xl/embeddings/", "other files are embedded in it", _PASTE),
    ("xl/activex/", "it holds active controls", _PASTE),
)
_PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
Attributes = dict[str, str]
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError)


def check_package(
    path: Path, handle: BinaryIO, size: int, *, unpacked_bytes: int, ratio: int
) -> None:
    """Refuse a workbook that is none, that is a bomb, or that holds more than values."""
    start = handle.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        handle.seek(0)
        if _PASSWORD_MARK in handle.read(4 * _MIB):
            raise FileRefusedError.of(
                path, "it is protected by a password", "save it without one"
            )
        raise FileRefusedError.of(path, "it is an old Excel file", "save it as .xlsx")
    if not start.startswith(b"PK"):
        raise FileRefusedError.of(
            path, "it is not an Excel workbook", "export it again, or give it its own ending"
        )
    _check_directory(path, handle, size)
    try:
        with zipfile.ZipFile(handle) as package:
            parts = package.infolist()
    except DAMAGED as error:
        raise damaged_workbook(path, str(error)) from error
    _check_sizes(path, parts, size, unpacked_bytes, ratio)
    for part in parts:
        name = part.filename.replace("\\", "/").casefold()
        if part.flag_bits & 1:
            raise FileRefusedError.of(
                path, "it is protected by a password", "save it without one"
            )
        if name.startswith("/") or ".." in name.split("/"):
            raise damaged_workbook(path, "a part is named like a path out of the file")
        for mark, what, hint in _UNWANTED:
            if mark in name:
                raise FileRefusedError.of(path, what, hint)


def _check_directory(path: Path, handle: BinaryIO, size: int) -> None:
    """Look at the directory's own size first: reading it is what a long one makes slow."""
    handle.seek(max(0, size - _LONGEST_COMMENT - _END_LENGTH))
    tail = handle.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise damaged_workbook(path, "its end is missing")
    (length,) = struct.unpack_from("<L", tail, at + 12)
    if length > _LARGEST_DIRECTORY:
        raise FileRefusedError.of(
            path, "it holds too many parts for a workbook", "export it again"
        )
    handle.seek(0)


def _check_sizes(
    path: Path, parts: list[zipfile.ZipInfo], size: int, unpacked_bytes: int, ratio: int
) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > unpacked_bytes:
        raise FileRefusedError.of(
            path,
            f"{unpacked:,} bytes when unpacked; at most {unpacked_bytes:,} are read",
            "split the file by date, or send it as Parquet",
        )
    largest = max(
        (
            p.file_size / max(p.compress_size, 1)
            for p in parts
            if p.file_size > _RATIO_COUNTS_FROM
        ),
        default=0.0,
    )
    overall = unpacked / size if unpacked > _RATIO_COUNTS_FROM else 0.0
    if max(largest, overall) > ratio:
        raise FileRefusedError.of(
            path,
            f"it unpacks to {max(largest, overall):,.0f} times its size; at most {ratio} is"
            " plausible",
            "export it again, or send it as CSV",
        )


def damaged_workbook(path: Path, reason: str) -> FileRefusedError:
    return FileRefusedError.of(
        path, f"the workbook is truncated or damaged ({reason})", "copy or export it again"
    )


class Package:
    """The parts of a checked workbook, by name."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.casefold(): name for name in self._zip.namelist()}

    def has(self, name: str) -> bool:
        return name.casefold() in self._names

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, block by block; its checksum is proved at the end."""
        if not self.has(name):
            raise damaged_workbook(self.path, f"part {name} is missing")
        try:
            with self._zip.open(self._names[name.casefold()]) as part:
                while block := part.read(_BLOCK):
                    yield block
        except DAMAGED as error:
            raise damaged_workbook(self.path, str(error)) from error

    def elements(self, name: str) -> list[tuple[str, Attributes]]:
        """Every element of a small part: its local name and attributes, in order."""
        found: list[tuple[str, Attributes]] = []
        parser = strict_parser()
        parser.StartElementHandler = lambda tag, attributes: found.append(
            (local(tag), {local(key): value for key, value in attributes.items()})
        )
        self.feed(parser, name)
        return found

    def feed(self, parser: expat.XMLParserType, name: str) -> None:
        try:
            for block in self.blocks(name):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged_workbook(self.path, f"{name}: {error}") from error

    def related(self, name: str) -> dict[str, str]:
        """Part names that ``name`` refers to, by relation id; nothing outside the file."""
        folder, base = posixpath.split(name)
        relations = f"{folder}/_rels/{base}.rels"
        if not self.has(relations):
            return {}
        targets = {}
        for element, attributes in self.elements(relations):
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                joined = posixpath.normpath(posixpath.join("/" + folder, target))
                targets[attributes.get("Id", "")] = joined.lstrip("/")
        return targets


def strict_parser() -> expat.XMLParserType:
    """A parser that knows no document types, and so no entities that grow."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise expat.ExpatError("it declares a document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def local(tag: str) -> str:
    """A tag or attribute without its name space prefix."""
    return tag.rpartition(":")[2] if ":" in tag else tag
