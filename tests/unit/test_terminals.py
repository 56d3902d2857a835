"""Any terminal: what its encoding lacks is an escape, never a stack trace or another value."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import IO

import pytest

from yanbao.cli.main import COMMANDS, main

NAMES = ["000001.SZ", "000002.SZ"]
ENCODINGS = ("gbk", "latin-1", "ascii", "utf-8")
WORDS = [
    [],
    ["--help"],
    *([command, "--help"] for command in COMMANDS),
    ["show", "small_list"],
    ["show", "small_list", "--format", "json"],
    ["sql", "select '样例–🙂' as \"名称\""],
    ["sql", "select '样例–🙂' as \"名称\"", "--format", "json"],
    ["sql", "select '样例' wrong"],
    ["release", "list"],
    ["hold", "list"],
    ["sources"],
    ["gc"],
    ["import", os.fsdecode("没有\udcd6".encode("utf-8", "surrogateescape"))],
    ["show", "样例表"],
]


def run(
    words: list[str], encoding: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, bytes, bytes]:
    """The command in this process, on a console of an encoding."""
    buffers = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(buffer, encoding=encoding) for buffer in buffers)
    with monkeypatch.context() as console:
        console.setattr("sys.stdout", out)
        console.setattr("sys.stderr", err)
        try:
            code = main(["--home", str(home), *words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    out.flush()
    err.flush()
    printed, said = (buffer.getvalue() for buffer in buffers)
    assert b"Traceback" not in printed + said
    return code, printed, said


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_no_command_fails_for_a_consoles_encoding(
    words: list[str], encoding: str, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run(words, encoding, small_home, monkeypatch)
    (wanted, _, _) = run(words, "utf-8", small_home, monkeypatch)
    assert code == wanted
    assert out or err


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_holds_every_character_on_any_console(
    encoding: str, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["sql", "select '样例–🙂' as \"名称\"", "--format", "json"]
    _, out, _ = run(words, encoding, small_home, monkeypatch)
    assert json.loads(out.decode(encoding)) == [{"名称": "样例–🙂"}]


@pytest.mark.parametrize(("encoding", "good"), [("gbk", True), ("latin-1", False)])
def test_csv_is_whole_or_refused(
    encoding: str, good: bool, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["show", "small_list", "--format", "csv"]
    code, out, err = run(words, encoding, small_home, monkeypatch)
    if good:
        rows = list(csv.DictReader(io.StringIO(out.decode(encoding))))
        assert ([row["code"] for row in rows], rows[1]["name"]) == (NAMES, "样例乙")
    else:
        assert (code, out) == (2, b"")
        assert b"iso8859-1" in err or b"latin-1" in err


def test_csv_begins_with_a_mark_in_a_file_and_not_in_a_pipe(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def print_to(target: IO[str]) -> None:
        with target, monkeypatch.context() as console:
            console.setattr("sys.stdout", target)
            words = ["show", "small_list", "--format", "csv"]
            assert main(["--home", str(small_home), *words]) == 0

    path = tmp_path / "list.csv"
    for mode in ("w", "a"):
        print_to(path.open(mode, encoding="utf-8"))
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbfas_of_date,")
    assert text.count(b"\xef\xbb\xbf") == 1
    reading, writing = os.pipe()
    print_to(os.fdopen(writing, "w", encoding="utf-8"))
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read().startswith(b"as_of_date,")
