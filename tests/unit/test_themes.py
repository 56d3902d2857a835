"""Pools and taxonomies as a desk writes them: what is refused, with the rows named."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanbao.base.errors import EXIT_FAILED, EXIT_USAGE, ThemesRefusedError, UsageError
from yanbao.catalog.themes import checks
from yanbao.catalog.themes.checks import SEEDS, require_sound_themes, theme_faults
from yanbao.catalog.themes.tables import COLUMNS, Entry
from yanbao.cli import doctor
from yanbao.cli.main import main
from yanbao.scaffold.new_theme import write_new_theme

Write = Callable[..., list[str]]
DAY_ONE = date(2020, 1, 1)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A small theme: one taxonomy of two places, one pool."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    rows = {
        "taxonomies": ["robots,机器人,Robots"],
        "taxonomy_sub_industries": [
            "robots,整机,整机,Machines,1,2018-01-01,",
            "robots,部件,部件,Parts,2,2020-01-01,2024-01-01",
        ],
        "taxonomy_members": ["robots,整机,600001.SH,2018-01-01,,整机厂"],
        "pools": ["robots,机器人,own_list,,robots,true,true,false"],
        "pool_additions": ["robots,600001.SH,整机厂,,"],
    }
    for table, lines in rows.items():
        text = "\n".join([",".join(COLUMNS[table]), *lines, ""])
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def faults(seeds: Path) -> Write:
    """The lines of what is wrong once rows were added: ``faults(taxonomy_members=[...])``."""

    def add(**rows: list[str]) -> list[str]:
        for table, lines in rows.items():
            with (seeds / f"{table}.csv").open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
        return [fault.line() for fault in theme_faults(seeds)]

    return add


def test_own_files_are_sound() -> None:
    assert [fault.line() for fault in theme_faults()] == []


def test_small_theme_is_sound(faults: Write) -> None:
    assert faults() == []


def test_reclassification_on_the_day_that_ends_the_earlier_row_is_no_overlap(
    faults: Write,
) -> None:
    rows = [
        "robots,部件,600002.SH,2020-01-01,2022-07-01,减速器",
        "robots,整机,600002.SH,2022-07-01,,收购整机厂",
    ]
    assert faults(taxonomy_members=rows) == []


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        (
            "robots,部件,600001.SH,2020-01-01,2024-01-01,减速器",
            ["row 3", "'600001.SH'", "部件", "row 2", "整机", "valid_to 2020-01-01"],
        ),
        (
            "robots,整机,600001.SH,2019-01-01,,整机厂",
            ["row 3", "overlaps that of row 2", "valid_to 2019-01-01"],
        ),
        ("robots,整机,600001.SH,2018-01-01,,整机厂", ["row 3", "keep one of the two rows"]),
        ("robots,整机厂,600002.SH,2018-01-01,,电机", ["'整机厂'", "did you mean 整机?"]),
        ("robot,整机,600002.SH,2018-01-01,,电机", ["'robot'", "did you mean robots?"]),
        ("robots,整机,600002,2018-01-01,,电机", ["'600002'", "such as 600519.SH"]),
        ("robots,整机,123456.SH,2018-01-01,,电机", ["'123456.SH'", "begin with 60, 68"]),
        ("robots,整机,600002.XY,2018-01-01,,电机", ["'600002.XY'", "not a share code"]),
        ("robots,整机,600002.SH,2024-02-30,,电机", ["valid_from '2024-02-30'", "2024-10-31"]),
        ("robots,整机,600002.SH,2024/2/1,,电机", ["'2024/2/1'", "not a date"]),
        ("robots,整机,600002.SH,20240201,,电机", ["'20240201'", "not a date"]),
        ("robots,整机,600002.SH,,,电机", ["valid_from ''", "fill it in"]),
        ("robots,整机,600002.SH,2018-01-01,2018-01-01,电机", ["valid_to", "not after"]),
        ("robots,整机,600002.SH,2018-01-01,,", ["reason ''", "fill it in"]),
        ("robots,部件,600002.SH,2019-01-01,2023-01-01,电机", ["begins on 2020-01-01 only"]),
        ("robots,部件,600002.SH,2020-01-01,,电机", ["valid_to ''", "ends on 2024-01-01"]),
        ("robots,整机,600002.SH, 2018-01-01,,电机", ["blanks at the edge"]),
        ("robots,整机,600002.SH,2018-01-01,电机", ["5 cells where the header has 6"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_member_is_refused_with_its_row_named(
    faults: Write, row: str, parts: list[str]
) -> None:
    lines = [line for line in faults(taxonomy_members=[row]) if "row 3" in line]
    assert lines, "the row is named"
    assert all(line.startswith("taxonomy_members.csv row 3") for line in lines)
    assert all(" → " in line and "\n" not in line for line in lines)
    assert any(all(part in line for part in parts) for line in lines), lines


@pytest.mark.parametrize(
    ("table", "row", "part"),
    [
        ("taxonomies", "robots,机器人,Robots", "it stands in row 2 already"),
        ("taxonomy_sub_industries", "robots,整机,整机,Machines,3,2018-01-01,", "row 2 already"),
        ("taxonomy_sub_industries", "robots,系统,系统,Systems,x,2018-01-01,", "whole number"),
        ("taxonomy_sub_industries", "robot,系统,系统,Systems,3,2018-01-01,", "mean robots?"),
        ("pools", "arms,机械臂,theme,71,,true,true,false", "no such kind of pool"),
        ("pools", "arms,机械臂,sw_industry,7,,true,true,false", "2, 4 or 6 digits"),
        ("pools", "arms,机械臂,index,930713,,true,true,false", "930713.CSI"),
        ("pools", "arms,机械臂,concept,,,true,true,false", "name of a concept board"),
        ("pools", "arms,机械臂,own_list,71,,true,true,false", "pool_additions.csv"),
        ("pools", "arms,机械臂,own_list,,,yes,true,false", "neither true nor false"),
        ("pools", "arms,机械臂,own_list,,robotics,true,true,false", "did you mean robots?"),
        ("pools", "robots,机械臂,own_list,,,true,true,false", "it stands in row 2 already"),
        ("pool_additions", "robot,600002.SH,电机,,", "did you mean robots?"),
        ("pool_additions", "robots,600001.SH,电机,,", "it stands in row 2 already"),
        ("pool_additions", "robots,60002.SH,电机,,", "not a share code"),
        ("pool_additions", "robots,600002.SH,电机,2024-1-1,", "not a date"),
        ("pool_additions", "robots,600002.SH,电机,2024-01-02,2024-01-01", "not after"),
        ("pools", "arms,机械臂,own_list,,,true,true,1", "neither true nor false"),
    ],
)
def test_bad_row_of_the_other_files_is_refused(
    faults: Write, table: str, row: str, part: str
) -> None:
    found = faults(**{table: [row]})
    assert [line for line in found if part in line and line.startswith(f"{table}.csv row ")]


def test_every_bad_row_is_named_in_the_order_of_the_file(faults: Write) -> None:
    rows = [f"robots,整机,60000{n}.SH,2024-13-01,,电机" for n in (2, 3, 4)]
    found = faults(taxonomy_members=rows)
    assert [line.split(",")[0] for line in found] == [
        f"taxonomy_members.csv row {row}" for row in (3, 4, 5)
    ]


def test_line_break_inside_a_cell_does_not_shift_the_rows_below(faults: Write) -> None:
    rows = ['robots,整机,600002.SH,2018-01-01,,"电机\n与控制器"', "robots,x,600003.SH,,,电机"]
    assert all(" row 5," in line for line in faults(taxonomy_members=rows))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("整机".encode("gbk"), "not UTF-8"),
        (b"", "the header is another one"),
        (b"code,sub_industry\n", "taxonomy,sub_industry,code"),
        (None, "the file is missing"),
    ],
)
def test_file_that_is_not_one_of_ours_is_refused(
    seeds: Path, content: bytes | None, part: str
) -> None:
    path = seeds / "taxonomy_members.csv"
    path.unlink() if content is None else path.write_bytes(content)
    assert [part in fault.line() for fault in theme_faults(seeds)] == [True]


def test_mark_of_a_spreadsheet_at_the_start_of_a_file_is_no_fault(seeds: Path) -> None:
    path = seeds / "taxonomy_members.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert theme_faults(seeds) == []


Lives = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 12)), st.booleans()),
    min_size=1,
    max_size=5,
)


@given(Lives)
def test_company_is_refused_exactly_when_two_rows_hold_on_one_day(
    lives: list[tuple[int, int | None, bool]],
) -> None:
    """Against the obvious oracle: the sets of days on which each row holds."""
    horizon = 60
    days = [{*range(s, horizon if n is None else s + n)} for s, n, _ in lives]
    entries = [
        Entry(
            "taxonomy_members.csv",
            row,
            {
                "taxonomy": "robots",
                "sub_industry": "整机" if is_machine else "部件",
                "code": "600001.SH",
                "valid_from": str(DAY_ONE + timedelta(start)),
                "valid_to": "" if length is None else str(DAY_ONE + timedelta(start + length)),
            },
        )
        for row, (start, length, is_machine) in enumerate(lives, 2)
    ]
    tables = {**{table: [] for table in COLUMNS}, "taxonomy_members": entries}
    found = [*checks.companies_have_one_place(tables)]
    assert bool(found) == any(a & b for a, b in combinations(days, 2))


def test_refusal_in_a_run_names_the_first_row_and_counts_the_others(
    seeds: Path, faults: Write
) -> None:
    faults(taxonomy_members=["robots,整机,1.SH,2018-01-01,,x", "robots,x,600003.SH,,,x"])
    with pytest.raises(ThemesRefusedError, match=r"row 3, code '1\.SH'.*and 2 more.*→"):
        require_sound_themes(seeds)


def test_run_and_doctor_name_every_bad_row_and_nothing_is_built(
    home: Path,
    seeds: Path,
    faults: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted = faults(
        taxonomy_members=["robots,整机,1.SH,2018-01-01,,x", "robots,x,600003.SH,,,x"]
    )
    monkeypatch.setattr(checks.theme_faults, "__defaults__", (seeds,))
    assert main(["--home", str(home), "run", "--source", "sample"]) == EXIT_FAILED
    said = capsys.readouterr()
    assert (said.out, said.err.splitlines()) == ("", [f"yanbao: {line}" for line in wanted])
    assert [*home.iterdir()] == []
    found = [detail for what, state, detail in doctor._themes() if state == "bad"]
    assert found == wanted


def test_the_seeds_hold_codes_and_every_company_stands_somewhere_with_a_reason() -> None:
    with (SEEDS / "taxonomy_members.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    computer = {
        r["code"] for r in rows if r["taxonomy"] == "computer" and r["code"][:2] != "99"
    }
    semiconductor = {r["code"] for r in rows if r["taxonomy"] == "semiconductor"}
    assert len(computer) >= 410 + 5
    assert len(semiconductor) >= 60
    assert {r["sub_industry"] for r in rows} & {"未分类"} == set()
    with (SEEDS / "taxonomy_sub_industries.csv").open(encoding="utf-8", newline="") as file:
        places = {(r["taxonomy"], r["sub_industry"]) for r in csv.DictReader(file)}
    ours = {place for place in places if place[0] in ("computer", "semiconductor")}
    used = {(r["taxonomy"], r["sub_industry"]) for r in rows}
    assert ours <= used, "no place is empty"
    assert sum(taxonomy == "computer" for taxonomy, _ in places) == 25


@pytest.mark.parametrize(
    ("kind", "selector"),
    [("sw_industry", "2701"), ("index", "930713.CSI"), ("concept", "机器人"), ("own_list", "")],
)
def test_new_theme_is_sound_and_adds_one_row_to_each_of_three_files(
    seeds: Path, kind: str, selector: str
) -> None:
    before = {path.name: path.read_text(encoding="utf-8") for path in seeds.iterdir()}
    changed = [path.name for path in write_new_theme("arms", "机械臂", kind, selector, seeds)]
    assert theme_faults(seeds) == []
    assert changed == [
        *("pools.csv", "taxonomies.csv", "taxonomy_sub_industries.csv"),
        "taxonomy_members.csv",
    ]
    for name, text in before.items():
        after = (seeds / name).read_text(encoding="utf-8")
        added = after.removeprefix(text).splitlines()
        assert len(added) == (name in changed[:3])
        assert all(line.startswith("arms,") for line in added)


@pytest.mark.parametrize(
    ("name", "kind", "selector", "part"),
    [
        ("robots", "own_list", "", "robots exists already"),
        ("arms", "sw_industry", "7", "2, 4 or 6 digits"),
        ("arms", "index", "930713", "930713.CSI"),
    ],
)
def test_new_theme_that_cannot_be_made_changes_nothing(
    seeds: Path, name: str, kind: str, selector: str, part: str
) -> None:
    before = {path: path.read_bytes() for path in seeds.iterdir()}
    with pytest.raises(UsageError, match=part):
        write_new_theme(name, "机械臂", kind, selector, seeds)
    assert {path: path.read_bytes() for path in seeds.iterdir()} == before


def test_command_writes_a_theme_by_concept_and_names_the_files(
    seeds: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write_new_theme, "__defaults__", (seeds,))
    monkeypatch.setattr("yanbao.base.settings.PROJECT_ROOT", seeds)
    words = ["new", "theme", "arms", "--label", "机械臂", "--concept", "机器人概念"]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines()[:1] == ["pools.csv"]
    last = (seeds / "pools.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "arms,机械臂,concept,机器人概念,arms,true,true,false"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["theme", "Arms"], "not a theme name"),
        (["theme", "computer"], "exists already"),
        (["dataset", "arms", "--index", "930713.CSI"], "a dataset has no pool"),
    ],
)
def test_command_refuses_what_it_cannot_write_in_one_line(
    words: list[str], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in SEEDS.iterdir()}
    assert main(["new", *words]) == EXIT_USAGE
    said = capsys.readouterr().err
    assert part in said
    assert said.count("\n") == 1
    assert {path: path.read_bytes() for path in SEEDS.iterdir()} == before
