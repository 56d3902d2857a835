"""Files as people drop them: written to disk, read through the public entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yanbao.catalog import BY_NAME
from yanbao.inbox.intake import Limits
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.inbox.reading import ReadFile, read_file

TODAY = date(2024, 11, 1)

Reader = Callable[..., ReadFile]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def read(write: Callable[[str, str | bytes], Path]) -> Reader:
    """Write a file and read it; ``mapping`` is YAML text, ``dataset`` a name."""

    def read_content(
        name: str,
        content: str | bytes,
        *,
        dataset: str | None = None,
        mapping: str | None = None,
        **limits: Any,
    ) -> ReadFile:
        return read_file(
            write(name, content),
            BY_NAME[dataset] if dataset else None,
            parse_mapping(mapping, "own", where="own.yml") if mapping else None,
            today=TODAY,
            limits=Limits(**limits),
        )

    return read_content
