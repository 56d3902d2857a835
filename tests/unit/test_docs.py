"""The pages say what the code does: links, commands, settings, places, exit codes."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from yanbao.base import errors
from yanbao.base.settings import PROJECT_ROOT
from yanbao.cli.main import COMMANDS, build_parser

DOCS = PROJECT_ROOT / "docs"
PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *DOCS.rglob("*.md")])
READMES = (PROJECT_ROOT / "README.md", PROJECT_ROOT / "README.zh-CN.md")
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def words_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", words_of(page)), flags=re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to, each with its anchor or an empty one."""
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", words_of(page))):
        if not re.match(r"[a-z]+:", target):
            name, _, anchor = target.partition("#")
            yield (page.parent / name).resolve() if name else page, anchor


def commands(page: Path) -> list[str]:
    """The lines of a page's blocks that call yanbao, from that word on."""
    blocks = [body for language, body in FENCE.findall(words_of(page)) if not language]
    lines = [line for body in blocks for line in body.splitlines()]
    found = [re.search(r"(?:^|/|&& )yanbao (.+)$", line) for line in lines]
    return [match[1] for match in found if match]


def long_options(command: str) -> set[str]:
    parser = build_parser(command)
    (subparsers,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return set(subparsers.choices[command]._option_string_actions)


def test_each_page_has_text_to_check() -> None:
    assert len(PAGES) > 10
    assert commands(READMES[0])


@each_page
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), target
        if anchor:
            assert anchor in anchors(target), f"{target.name}#{anchor}"


@each_page
def test_command_lines_in_blocks_are_understood(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line, comments=True)
        command = next(word for word in words if word in COMMANDS)
        # argparse ends the test run with a message where it does not understand.
        assert build_parser(command).parse_args(words).command == command


@each_page
def test_commands_and_options_in_running_text_exist(page: Path) -> None:
    for quoted in re.findall(r"`yanbao ([^`]+)`", words_of(page)):
        command, *rest = quoted.split()
        assert command in COMMANDS, quoted
        named = {word for word in rest if word.startswith("--")}
        assert named <= long_options(command), quoted


@each_page
def test_make_targets_exist(page: Path) -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", words_of(page), flags=re.MULTILINE))
    assert named <= targets


@each_page
def test_environment_variables_are_read_somewhere(page: Path) -> None:
    code = [
        *(PROJECT_ROOT / "yanbao").rglob("*.py"),
        *(PROJECT_ROOT / "orchestration").rglob("*.py"),
        PROJECT_ROOT / ".ci" / "run",
    ]
    known = {name for path in code for name in re.findall(r"YANBAO_[A-Z_]+", words_of(path))}
    assert set(re.findall(r"YANBAO_[A-Z_]+", words_of(page))) <= known


@each_page
def test_paths_in_code_spans_exist(page: Path) -> None:
    roots = "|".join(
        ("yanbao", "orchestration", "models", "dbt_project", "expectations", "reports", "tests")
    )
    for path in re.findall(rf"`((?:{roots})/[\w./-]*)`", words_of(page)):
        if "NAME" not in path:
            assert (PROJECT_ROOT / path).exists(), path


@pytest.mark.parametrize("readme", READMES, ids=lambda page: page.name)
def test_readme_lists_every_exit_code(readme: Path) -> None:
    declared = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    listed = {int(code) for code in re.findall(r"^\| (\d) \|", words_of(readme), re.MULTILINE)}
    assert listed == {0, *declared}


def test_both_readmes_show_the_same_commands_and_links() -> None:
    english, chinese = READMES
    assert commands(english) == commands(chinese)
    others = [set(links(page)) - {(other, "") for other in READMES} for page in READMES]
    assert others[0] == others[1]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_decision_has_number_context_decision_and_consequences(page: Path) -> None:
    headings = re.findall(r"^#+ (.+)$", words_of(page), flags=re.MULTILINE)
    assert headings[0].split()[0] == page.name[:4]
    assert headings[1:] == ["Context", "Decision", "Consequences"]


def test_decision_numbers_have_no_gap() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads(words_of(PROJECT_ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(one for extra in extras for one in extra)]
    page = words_of(DOCS / "decisions" / "0002-dependencies.md").split("Rejected:")[0]
    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in declared}
    assert set(re.findall(r"^\| ([a-z0-9-]+) \| \S", page, re.MULTILINE)) - {"package"} == names
