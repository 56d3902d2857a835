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
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from yanbao.base.errors import FileRefusedError

_MIB = 1024**2
_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LARGEST_DIRECTORY = _MIB
# Small, so that the elements of a block are gone before the next ones are built.
_BLOCK = 8 * 1024
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
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError)


def check_package(handle: BinaryIO, size: int, unpacked_bytes: int, ratio: int) -> None:
    """Refuse a workbook that is none, that is a bomb, or that holds more than values."""
    start = handle.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        handle.seek(0)
        if _PASSWORD_MARK in handle.read(4 * _MIB):
            raise _protected()
        raise FileRefusedError("it is an old Excel file", "save it as .xlsx")
    if not start.startswith(b"PK"):
        raise FileRefusedError(
            "it is not an Excel workbook", "export it again, or give it its own ending"
        )
    _check_directory(handle, size)
    try:
        with zipfile.ZipFile(handle) as package:
            parts = package.infolist()
    except DAMAGED as error:
        raise damaged_workbook(str(error)) from error
    _check_sizes(parts, size, unpacked_bytes, ratio)
    for part in parts:
        name = part.filename.replace("\\", "/").casefold()
        if part.flag_bits & 1:
            raise _protected()
        if name.startswith("/") or ".." in name.split("/"):
            raise damaged_workbook("a part is named like a path out of the file")
        for mark, what, hint in _UNWANTED:
            if mark in name:
                raise FileRefusedError(what, hint)


def _check_directory(handle: BinaryIO, size: int) -> None:
    """Look at the directory's own size first: reading it is what a long one makes slow."""
    handle.seek(max(0, size - _LONGEST_COMMENT - _END_LENGTH))
    tail = handle.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise damaged_workbook("its end is missing")
    (length,) = struct.unpack_from("<L", tail, at + 12)
    if length > _LARGEST_DIRECTORY:
        raise FileRefusedError("it holds too many parts for a workbook", "export it again")
    handle.seek(0)


def _check_sizes(
    parts: list[zipfile.ZipInfo], size: int, unpacked_bytes: int, ratio: int
) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > unpacked_bytes:
        raise FileRefusedError(
            f"{unpacked:,} bytes when unpacked; at most {unpacked_bytes:,} are read",
            "split the file by date, or send it as Parquet",
        )
    sizes = [(part.file_size, part.compress_size) for part in parts]
    largest = max(
        (
            after / max(before, 1)
            for after, before in [*sizes, (unpacked, size)]
            if after > _RATIO_COUNTS_FROM
        ),
        default=0.0,
    )
    if largest > ratio:
        raise FileRefusedError(
            f"it unpacks to {largest:,.0f} times its size; at most {ratio} is plausible",
            "export it again, or send it as CSV",
        )


def _protected() -> FileRefusedError:
    return FileRefusedError("it is protected by a password", "save it without one")


def damaged_workbook(reason: str) -> FileRefusedError:
    return FileRefusedError(
        f"the workbook is truncated or damaged ({reason})", "copy or export it again"
    )


class Package:
    """The parts of a checked workbook, by name."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.casefold(): name for name in self._zip.namelist()}

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, block by block; its checksum is proved at the end."""
        if name.casefold() not in self._names:
            raise damaged_workbook(f"part {name} is missing")
        try:
            with self._zip.open(self._names[name.casefold()]) as part:
                while block := part.read(_BLOCK):
                    yield block
        except DAMAGED as error:
            raise damaged_workbook(str(error)) from error

    def elements(self, part: str, *names: str, called: str = "") -> Iterator[Element]:
        """Each element of a part that has one of the names, whole, as soon as it ends."""
        found = _Elements(names)
        parser = XMLParser(target=found)  # noqa: S314 - no document type, so no entities
        try:
            for block in self.blocks(part):
                parser.feed(block)
                yield from found.take()
            parser.close()
        except (ParseError, LookupError, ValueError) as error:
            raise damaged_workbook(f"{called or part}: {error}") from error
        yield from found.take()

    def related(self, name: str) -> dict[str, str]:
        """Part names that ``name`` refers to, by relation id; nothing outside the file."""
        folder, base = posixpath.split(name)
        relations = f"{folder}/_rels/{base}.rels"
        if relations.casefold() not in self._names:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/" + folder, relation.get("Target", ""))
            ).lstrip("/")
            for relation in self.elements(relations, "Relationship")
            if relation.get("TargetMode") != "External"
        }


class _Elements:
    """What an XML parser feeds: it keeps the wanted elements and nothing around them.

    Names lose their name space. A document type is refused, and with it entities that grow.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._builder: TreeBuilder | None = None
        self._depth = 0
        self._done: list[Element] = []

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if self._builder is None:
            if name not in self._names:
                return
            self._builder = TreeBuilder()
        self._depth += 1
        self._builder.start(name, attributes)

    def data(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._builder is None:
            return
        element = self._builder.end(_local(tag))
        self._depth -= 1
        if not self._depth:
            self._done.append(element)
            self._builder = None

    def doctype(self, *_: object) -> None:
        raise ParseError("it declares a document type")

    def close(self) -> None:
        """The parser calls it at the end of the part."""


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    return name.rpartition("}")[2]
