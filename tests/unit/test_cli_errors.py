"""Every mistake at the command line ends in one line: what, where, what to do."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest

from tests.limits import HANG_SECONDS
from yanbao.base.errors import EXIT_FAILED, EXIT_LOCKED, EXIT_USAGE
from yanbao.base.lock import lock_holder, writer_lock
from yanbao.cli.main import COMMANDS, main


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Yanbao = Callable[..., Answer]


@pytest.fixture
def yanbao(small_home: Path, capfd: pytest.CaptureFixture[str]) -> Yanbao:
    """The command line in this process, on the small release."""

    def run(*words: str) -> Answer:
        capfd.readouterr()
        try:
            code = main(["--home", str(small_home), *words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        return Answer(code, *capfd.readouterr())

    return run


def assert_one_line(answer: Answer, code: int, *parts: str) -> None:
    assert answer.code == code
    assert answer.out == ""
    assert answer.err.startswith("yanbao"), answer.err
    assert answer.err.count("\n") == 1, answer.err
    assert "→" in answer.err, "the line says what to do"
    assert "Traceback" not in answer.err
    for part in parts:
        assert part in answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_ends_well(yanbao: Yanbao, command: str) -> None:
    answer = yanbao(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"usage: yanbao {command}")


def test_help_lists_every_command(yanbao: Yanbao) -> None:
    answer = yanbao("--help")
    assert answer.code == 0
    assert [name for name in COMMANDS if f"\n    {name} " not in answer.out] == []


def test_no_command_prints_the_help_and_is_an_error(yanbao: Yanbao) -> None:
    assert yanbao().code == EXIT_USAGE


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["shwo"], ["shwo"]),
        (["show", "smal_list"], ["smal_list", "did you mean small_list?"]),
        (["show", "small_list", "--as-of", "31.10.2024"], ["31.10.2024", "2024-10-31"]),
        (["show", "small_list", "--known-at", "2024-02-30"], ["2024-02-30"]),
        (["show", "small_list", "--limit", "-1"], ["--limit -1"]),
        (
            ["show", "small_list", "--where", "no_such = 1"],
            ["--where: small_list has no column 'no_such'", "its columns: ", "code"],
        ),
        (["show", ""], ["no mart is called ''", "small_list"]),
        (["show", "../report/small_list"], ["no mart is called '../report/small_list'"]),
        (["show", "zzz"], ["no mart is called 'zzz' → report: ", "small_list", "core: "]),
        (["report", "galaxy-weekly", "--formats", "xslx"], ["did you mean xlsx?"]),
        (["report", "no-such-pack"], ["no-such-pack"]),
        (["import", "x.csv", "--dataset", "fund_nav"], ["did you mean fund_navs?"]),
        (["hold", "accept"], ["needs the load's id and a reason"]),
        (["hold", "accept", "no-load", "--reason", "x"], ["no-load"]),
        (["hold", "reject", "no-load", "--reason", "  "], ["a reason"]),
        (["sql", "select * from core.no_such"], ["no_such"]),
        (["run", "--source", "import"], ["sample data", "import data"]),
        (["run", "--source", "ftp"], ["ftp"]),
        (["new", "dataset", "Bad Name"], ["Bad Name", "lower case"]),
        (["new", "dataset", "fund_navs"], ["exists already"]),
    ],
    ids=lambda value: " ".join(value)[:48] if isinstance(value, list) else None,
)
def test_wrong_word_is_named_with_a_hint(
    yanbao: Yanbao, words: list[str], parts: list[str]
) -> None:
    assert_one_line(yanbao(*words), EXIT_USAGE, *parts)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["show", "small_list", "--release", "r000099"], ["r000099", "release list"]),
        (["release", "verify", "r000099"], ["r000099"]),
        (["sql", "select 1", "--release", "../x"], ["../x"]),
    ],
    ids=lambda value: " ".join(value)[:48] if isinstance(value, list) else None,
)
def test_missing_release_is_named_with_a_hint(
    yanbao: Yanbao, words: list[str], parts: list[str]
) -> None:
    assert_one_line(yanbao(*words), EXIT_FAILED, *parts)


@pytest.fixture
def empty(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Yanbao:
    def run(*words: str) -> Answer:
        code = main(["--home", str(tmp_path / "empty"), *words])
        return Answer(code, *capfd.readouterr())

    return run


@pytest.mark.parametrize(
    "words",
    [["show", "pool"], ["sql", "select 1"], ["release", "current"], ["release", "verify"]],
    ids=" ".join,
)
def test_reading_before_the_first_release_says_how_to_publish(
    empty: Yanbao, words: list[str]
) -> None:
    assert_one_line(empty(*words), EXIT_FAILED, "nothing has been released", "yanbao run")


def test_missing_file_is_refused_with_its_name(empty: Yanbao) -> None:
    assert_one_line(empty("import", "no/such/prices.csv"), EXIT_FAILED, "prices.csv")


def test_desk_files_need_an_as_of_date(empty: Yanbao) -> None:
    assert_one_line(empty("run", "--source", "import", "-q"), EXIT_USAGE, "--as-of")


def test_replay_needs_something_to_replay(empty: Yanbao) -> None:
    assert_one_line(empty("run", "--source", "replay", "-q"), EXIT_USAGE, "nothing to replay")


def hold_lock(work: str, held: Event, release: Event) -> None:
    with writer_lock(Path(work), "yanbao test"):
        held.set()
        release.wait(HANG_SECONDS)


@contextmanager
def another_process_holds_the_lock(work: Path) -> Iterator[int | None]:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    holder = context.Process(target=hold_lock, args=(str(work), held, release))
    holder.start()
    try:
        assert held.wait(HANG_SECONDS)
        yield holder.pid
    finally:
        release.set()
        holder.join()


def test_second_writer_leaves_at_once_and_names_the_holder(
    yanbao: Yanbao, small_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    with another_process_holds_the_lock(small_home / "work") as pid:
        answer = yanbao("run", "-q")
        assert_one_line(
            answer, EXIT_LOCKED, "yanbao test", f"process {pid}", "in progress since"
        )
        for words in (("hold", "accept", "x", "--reason", "y"), ("gc", "--yes")):
            blocked = yanbao(*words)
            assert (blocked.code, f"process {pid}" in blocked.err) == (EXIT_LOCKED, True)
        assert yanbao("show", "small_list").code == 0, "readers never wait for the writer"
        assert "busy" in yanbao("doctor").out
    assert lock_holder(small_home / "work") is None


def test_run_that_waited_in_vain_says_for_whom_and_how_long(
    yanbao: Yanbao, small_home: Path
) -> None:
    with another_process_holds_the_lock(small_home / "work") as pid:
        answer = yanbao("run", "--wait", "0.001")
    first, *_, last = answer.err.splitlines()
    holder = f"(process {pid} on {socket.gethostname()})"
    assert "waiting up to 0.001 minutes: yanbao test is in progress since" in first
    assert first.endswith(holder)
    assert f"{holder}, and still is after 0.001 minutes →" in last
    assert answer.code == EXIT_LOCKED


def test_run_that_waits_begins_when_the_writer_ends(tmp_path: Path) -> None:
    with another_process_holds_the_lock(tmp_path):
        waiting = threading.Thread(target=hold_and_leave, args=(tmp_path,))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(HANG_SECONDS)
    assert "a run that waited" in (tmp_path / "writer.lock").read_text(encoding="utf-8")


def hold_and_leave(work: Path) -> None:
    with writer_lock(work, "a run that waited", HANG_SECONDS):
        pass


def test_lock_of_a_dead_process_blocks_nobody(tmp_path: Path) -> None:
    with writer_lock(tmp_path, "first"):
        pass
    assert (tmp_path / "writer.lock").read_text(encoding="utf-8") != ""
    with writer_lock(tmp_path, "second"):
        assert lock_holder(tmp_path)["pid"] == os.getpid()  # type: ignore[index]


def test_installed_command_fails_in_one_line_too(run_cli: Any, small_home: Path) -> None:
    ran = run_cli("show", "smal_list", home=small_home)
    assert_one_line(Answer(ran.code, ran.out, ran.err), EXIT_USAGE, "small_list")


@pytest.mark.parametrize("setting", ["pool", "=computer", "pool="])
def test_setting_that_is_no_pair_says_how_to_write_it(yanbao: Yanbao, setting: str) -> None:
    answer = yanbao("report", "galaxy-weekly", "--set", setting)
    assert_one_line(answer, EXIT_USAGE, f"--set {setting!r} is no NAME=VALUE")
