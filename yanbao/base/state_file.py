"""Reading the small files of a state folder, any of which a crash or a copy may have torn."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from yanbao.base.errors import YanbaoError


class TornFileError(YanbaoError):
    """A state file is empty, cut, or no record at all."""

    def __init__(self, path: Path) -> None:
        place = "/".join(path.parts[-2:])
        super().__init__(
            "the file is torn", where=place, hint="mend it with yanbao doctor --repair"
        )


def read_record(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None where there is no file.

    Raises TornFileError where what is there is not one.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError, ValueError):
        raise TornFileError(path) from None
    if not isinstance(record, dict):
        raise TornFileError(path)
    return record


@cache
def say_once(line: str) -> None:
    """Tell the person on standard error, once per process, and go on."""
    sys.stderr.write(f"yanbao: {line}\n")
