"""Fixtures that every test may use: state folders, the command line, a finished sample night.

``YANBAO_NO_SKIP=1`` turns skips into failures: CI sets it where every system package is
installed, so that a test can go missing only by name. What cannot be installed (an upstream
on the network, the public data beside the checkout) stays a skip, and says so.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tests.warm_process import run_warm
from yanbao.base.settings import PROJECT_ROOT

MAY_BE_ABSENT = ("live", "real_data", "libreoffice", "spark")

# Examples are the same on every run, and a busy machine is no finding.
settings.register_profile("yanbao", deadline=None, derandomize=True)
settings.load_profile("yanbao")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code (negative: killed by that signal) and its words."""

    code: int
    out: str
    err: str


RunCli = Callable[..., Ran]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    is_strict = os.environ.get("YANBAO_NO_SKIP") == "1"
    is_excused = any(item.get_closest_marker(name) for name in MAY_BE_ABSENT)
    if is_strict and report.skipped and not hasattr(report, "wasxfail") and not is_excused:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped under YANBAO_NO_SKIP=1: {reason}"
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of printed pages name the Debian package that they lack."""
    if item.get_closest_marker("browser") and shutil.which("chromium") is None:
        pytest.skip("needs the Debian package chromium")
    if item.get_closest_marker("libreoffice") and shutil.which("soffice") is None:
        pytest.skip("needs the Debian package libreoffice-calc")
    if item.get_closest_marker("pdf"):
        from yanbao.reporting.pages.render_pdf import lacking_library

        if lacking_library() or shutil.which("pdftotext") is None:
            pytest.skip("needs the Debian packages libpangoft2-1.0-0 and poppler-utils")
    if item.get_closest_marker("fonts"):
        from yanbao.reporting.styling.theme import has_cjk_font

        if not has_cjk_font():
            pytest.skip("needs the Debian package fonts-noto-cjk")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the checkout; tests that use it are ``real_data``."""
    folder = PROJECT_ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder.name}/ of public data beside the checkout")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, chosen through the environment."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("YANBAO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def run_cli() -> RunCli:
    """Runs ``yanbao`` as a user does, in a process and an environment of its own."""
    return _run_cli


def _run_cli(
    *arguments: str, home: Path | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    ours = ("YANBAO_", "DAGSTER")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    chosen = {**({"YANBAO_HOME": str(home)} if home else {}), **(env or {})}
    return Ran(*run_warm(arguments, {**inherited, **chosen}, PROJECT_ROOT))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Makes a named folder once per session, also where several workers share the session.

    ``make`` fills an empty draft, which then takes the name: what is there is finished.
    """
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def place_of(name: str, make: Callable[[Path], object]) -> Path:
        place, draft = base / name, base / f"{name}_draft"
        with _only_one(base / f"{name}.lock"):
            if not place.exists():
                make(draft)
                draft.rename(place)
        return place

    return place_of


@pytest.fixture(scope="session")
def sample_home_template(made_once: MadeOnce) -> Path:
    """A state folder after one sample night. Never change it: copy it with ``copy_home``."""

    def night(draft: Path) -> None:
        done = _run_cli("run", "--source", "sample", "-q", home=draft)
        assert done.code == 0, f"the sample night failed: {done.err}"

    return made_once("sample_home", night)


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def copy_home() -> Callable[[Path, Path], Path]:
    """Copies a state folder, its read-only releases and its pointer included."""

    def copy(template: Path, target: Path) -> Path:
        subprocess.run(
            ["cp", "-a", "--reflink=auto", str(template), str(target)],
            check=True,
            capture_output=True,
        )
        return target

    return copy


@pytest.fixture
def sample_home(
    sample_home_template: Path, copy_home: Callable[[Path, Path], Path], tmp_path: Path
) -> Path:
    """A copy of the finished sample night, free to be damaged."""
    return copy_home(sample_home_template, tmp_path / "sample_home")
