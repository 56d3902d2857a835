"""The tables of five published reports: loaded through mappings, printed again by the marts.

A difference is allowed only where a mart names it: a misprint, a rank that rounding explains,
a claim that its own table refuses, a deal dated outside the caption's month.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from tests.conftest import RunCli
from tests.integration.conftest import Rows, Show, percent
from yanbao.base.errors import EXIT_PUBLISHED_STALE
from yanbao.base.settings import PROJECT_ROOT, load_settings
from yanbao.inbox.mapping_file import load_mapping
from yanbao.intake.landing import Landed, land_file
from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.store import Parameters

pytestmark = [pytest.mark.slow, pytest.mark.real_data]

MAPPINGS = PROJECT_ROOT / "sample_data" / "printed_tables"
NOT_LOADED: dict[str, str] = yaml.safe_load(
    (MAPPINGS / "tables.yml").read_text(encoding="utf-8")
)
# A mapping is named after its table, and what follows -- tells two of one table apart.
LOADED = {
    table: [*names]
    for table, names in groupby(
        sorted({path.stem for path in MAPPINGS.glob("*.yml")} - {"tables"}),
        key=lambda name: name.partition("--")[0],
    )
}
SUPPORT = ("fx_fixings.csv", "trading_days.csv")
WEEK = "2024-10-18"
Printed = Callable[[str], list[dict[str, str]]]
BOARDS = {
    "总榜": ("overall", "002_leaderboard_overall"),
    "中文": ("chinese", "002_leaderboard_chinese"),
    "Hard Prompts": ("hard prompts", "002_leaderboard_hard_prompts"),
    "Longer Query": ("longer query", "002_leaderboard_longer_query"),
}
# No file holds these two boards of 002, so nothing is said about their ranks.
MISSING_BOARDS = {"数学", "代码"}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "reference" / "report_tables"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed") / "home"


@pytest.fixture(scope="module")
def landed(folder: Path, home: Path) -> dict[tuple[str, str], Landed]:
    """What became of each table, by table and mapping."""
    settings = load_settings(home)
    settings.claim_mode("import")
    settings.make_folders()
    return {
        (table, name): land_file(
            settings, folder / f"{table}.csv", mapping=load_mapping(MAPPINGS / f"{name}.yml")
        )
        for table, names in LOADED.items()
        for name in names
    }


@pytest.fixture(scope="module")
def show_printed(
    landed: dict[tuple[str, str], Landed],
    home: Path,
    shared_data: Path,
    run_cli: RunCli,
    tmp_path_factory: pytest.TempPathFactory,
) -> Show:
    """A mart's rows for a day, from one night on the tables and the fixings."""
    support = [str(shared_data / "data" / "import" / name) for name in SUPPORT]
    assert landed
    imported = run_cli("import", *support, home=home)
    assert imported.code == 0, imported.err
    done = run_cli("run", "--source", "import", "--as-of", WEEK, home=home)
    # The tables are of several weeks, and some are older than they should be.
    assert done.code == EXIT_PUBLISHED_STALE, done.err
    release = ReleaseStore(home / "releases").current()
    builds = tmp_path_factory.mktemp("builds")

    def rows(mart: str, as_of: str, known_at: str | None = None) -> Rows:
        assert known_at is None
        parameters = Parameters(date.fromisoformat(as_of), None)
        found: Rows = AdHocBuilder(builds, release, parameters).table(mart).to_pylist()
        return found

    return rows


def significant(value: float, printed: str) -> str:
    """The value with the decimals of what is printed beside it."""
    decimals = len(printed.partition(".")[2])
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def test_every_table_is_loaded_or_named_with_the_reason(folder: Path) -> None:
    tables = [*LOADED, *NOT_LOADED]
    assert sorted(tables) == sorted(path.stem for path in folder.glob("*.csv"))
    assert all(len(reason) > 20 for reason in NOT_LOADED.values())


def test_every_row_of_a_table_is_loaded_or_left_out_by_its_mapping(
    landed: dict[tuple[str, str], Landed], printed: Printed
) -> None:
    for (table, name), one in landed.items():
        load = one.stored.load
        assert load.rows_quarantined == 0, (name, one.lines)
        assert one.stored.status == "ungated", (name, one.stored.reason)
        is_wide = table == "000_big7_market_cap"
        left_out = sum(int(x.split()[0]) for x in one.lines if " were skipped (" in x)
        assert load.rows == (len(printed(table)) - left_out) * (2 if is_wide else 1), name


def test_002_gpu_rentals_are_the_printed_ones(show_printed: Show, printed: Printed) -> None:
    rows = {(row["gpu"], row["platform"]): row for row in show_printed("gpu_rental_week", WEEK)}
    lines = printed("002_gpu_rental")
    assert len(rows) == len(lines) == 5
    for line in lines:
        row = rows[line["gpu"], line["platform"]]
        assert (
            significant(row["price"], line["price_cny_per_hour"]) == line["price_cny_per_hour"]
        )
        assert percent(row["price_wow"]) == line["price_wow_pct"]
        for name in ("cpu_cores", "memory_gb", "system_disk_gb", "data_disk_gb"):
            assert ("" if row[name] is None else str(row[name])) == line[name], (line, name)


def test_002_web_traffic_is_the_printed_table(show_printed: Show, printed: Printed) -> None:
    rows = {row["app"]: row for row in show_printed("web_traffic_week", WEEK)}
    lines = printed("002_ai_web_traffic")
    assert {*rows} == {line["app"] for line in lines}
    for line in lines:
        row = rows[line["app"]]
        visits = line["weekly_avg_visits_million"]
        assert significant(row["weekly_avg_visits"] / 1e6, visits) == visits
        assert percent(row["visits_wow"]) == line["visits_wow_pct"]
        assert clock(row["avg_visit_duration"]) == line["avg_visit_duration_mmss"]
        assert percent(row["duration_wow"]) == line["duration_wow_pct"]


def test_002_twelve_top_three_statements_are_ranks_of_the_mart(
    show_printed: Show, printed: Printed
) -> None:
    rows = show_printed("web_traffic_week", WEEK)
    measures = {
        "访问量": (
            "rank_visits",
            lambda row: significant(row["weekly_avg_visits"] / 1e6, "0.0"),
        ),
        "访问量环比增速": ("rank_visits_wow", lambda row: percent(row["visits_wow"])),
        "平均停留时长": (
            "rank_duration",
            lambda row: (
                f"00:{int(row['avg_visit_duration']) // 60:02d}:"
                f"{int(row['avg_visit_duration']) % 60:02d}"
            ),
        ),
        "平均停留时长环比增速": (
            "rank_duration_wow",
            lambda row: percent(row["duration_wow"]),
        ),
    }
    stated = [
        (line["ranking_cn"], int(line["rank"]), line["app"], line["value"])
        for line in printed("002_traffic_top3_statements")
    ]
    ours = [
        (ranking, row[rank], row["app"], value(row))
        for ranking, (rank, value) in measures.items()
        for row in sorted(rows, key=lambda row: row[rank] or 99)[:3]
    ]
    assert ours == stated
    assert len(stated) == 12


def test_000_benchmark_scores_are_printed_and_two_of_ten_claims_refused(
    show_printed: Show, printed: Printed
) -> None:
    rows = show_printed("llm_benchmark", "2024-04-19")
    ours = {(r["benchmark"], r["setup"], r["model"]): percent(r["score"], 1) for r in rows}
    lines = printed("000_llama3_benchmark")
    assert ours == {(x["benchmark"], x["setup"], x["model"]): x["score_pct"] for x in lines}
    claims = [row for row in rows if row["claimed_over"]]
    refused = {
        (row["benchmark"], row["model"]): row["claim_refused_by"]
        for row in claims
        if row["claim_holds"] is False
    }
    assert len(claims) == 10
    assert sum(row["claim_holds"] is True for row in claims) == 8
    assert refused == {
        ("GPQA", "Meta Llama 3 70B"): "Gemini Pro 1.5",
        ("MATH", "Meta Llama 3 70B"): "Gemini Pro 1.5",
    }


def test_001_benchmark_tables_are_ranked_each_for_itself(
    show_printed: Show, printed: Printed
) -> None:
    rows = [
        row
        for row in show_printed("llm_benchmark", "2024-10-31")
        if str(row["tested_on"]) == "2024-10-31"
    ]
    for table in ("001_lfm1b_benchmark", "001_lfm3b_benchmark", "001_lfm40b_benchmark"):
        lines = [line for line in printed(table) if line["value"] != "-"]
        place = f"001 {lines[0]['figure']}"
        ours = {
            (r["benchmark"], r["model"]): r["score_as_printed"]
            for r in rows
            if r["published_in"] == place
        }
        assert ours == {
            (line["benchmark"], line["model_as_printed"]): float(line["value"])
            for line in lines
        }
    (best,) = (
        row["model"]
        for row in rows
        if row["published_in"] == "001 图14"
        and (row["benchmark"], row["rank_benchmark"]) == ("MMLU", 1)
    )
    assert best == "LFM-1B Preview 1.3B"


def test_002_boards_rank_by_bounds_as_printed_but_for_ties_of_rounding(
    show_printed: Show, printed: Printed
) -> None:
    rows = show_printed("llm_leaderboard", WEEK)
    lines = {
        (category, line["model"]): line
        for category, table in BOARDS.values()
        for line in printed(table)
    }
    assert {(row["category"], row["model"]) for row in rows} == {*lines}
    for row in rows:
        line = lines[row["category"], row["model"]]
        assert str(row["place"]) == line["rank_ub"]
        for ours, theirs in (("arena_score", "arena_score"), ("votes", "votes")):
            assert str(int(row[ours])) == line[theirs]
    checks = [row["rank_check"] for row in rows]
    assert (len(checks), checks.count("same"), checks.count("differs")) == (58, 54, 0)
    explained = {
        (row["category"], row["model"]): (row["rank_as_printed"], row["rank_ub"])
        for row in rows
        if row["rank_check"] == "rounding"
    }
    assert explained == {
        ("overall", "GPT-4o-2024-05-13"): (7, 6),
        ("overall", "Grok-2-Mini-08-13"): (9, 10),
        ("hard prompts", "GPT-4o-2024-05-13"): (5, 4),
        ("longer query", "Gemini-1.5-Flash-Exp-0827"): (4, 3),
    }


def test_002_deltas_are_exact_for_every_model_of_both_boards(
    show_printed: Show, printed: Printed
) -> None:
    rows = show_printed("llm_leaderboard", WEEK)
    deltas = {(row["category"], row["model"]): row["delta_vs_overall"] for row in rows}
    compared = {
        (category, line["model"]): (deltas[category, line["model"]], line["delta_vs_overall"])
        for category, table in BOARDS.values()
        if category != "overall"
        for line in printed(table)
        if deltas[category, line["model"]] is not None
    }
    assert all(str(ours) == theirs for ours, theirs in compared.values()), compared
    # Two of them are spelt 0027 and one F16 above the overall board; ids join them.
    overall = {row["model_id"] for row in rows if row["category"] == "overall"}
    held = [r for r in rows if r["category"] != "overall" and r["model_id"] in overall]
    assert len(compared) == len(held) > 30
    notes = {
        row["model"]: row["name_note"] for row in rows if "误印" in (row["name_note"] or "")
    }
    assert {*notes} == {
        "Gemini-1.5-Pro-Exp-0027",
        "Gemini-1.5-Flash-Exp-0027",
        "Meta-Llama-3.1-405B-Instruct-F16",
    }


def test_002_rank_sentences_about_yi_lightning_hold(
    show_printed: Show, printed: Printed
) -> None:
    rows = {
        row["category"]: row
        for row in show_printed("llm_leaderboard", WEEK)
        if row["model_id"] == "model:yi-lightning"
    }
    judged = set()
    for line in printed("002_yi_lightning_rank_statements"):
        board, rank = line["board"], int(line["stated_rank"])
        if board in BOARDS:
            row = rows[BOARDS[board][0]]
            assert row["place"] == rank, line
            assert row["is_tied"] or not line["tied_as_printed"], line
        elif board == "全球大模型总榜排行":
            assert rows["overall"]["place"] == rank
        elif board == "全球大模型企业排行":
            assert rows["overall"]["rank_organization"] == rank
        else:
            assert board in MISSING_BOARDS
            continue
        judged.add(board)
    assert judged == {*BOARDS, "全球大模型总榜排行", "全球大模型企业排行"}


def test_002_funding_table_is_ranked_in_one_currency_and_the_unrankable_apart(
    show_printed: Show, printed: Printed
) -> None:
    rows = {
        row["company"]: row
        for row in show_printed("funding_rounds_period", WEEK)
        if row["period"] == "week"
    }
    lines = printed("002_funding_events")
    for line in lines:
        row = rows[line["company"]]
        assert line["amount_as_printed"] in row["amounts_as_printed"], line
        assert row["round"] == line["round"].replace(" ", "")
        assert row["lead_investors"] == line["lead_investors"]
        assert "华鑫周报 2024-10-21" in row["reported_by"]
    ranked = sorted(
        (r for r in rows.values() if r["is_rankable"]), key=lambda r: r["rank_amount"]
    )
    assert [row["company"] for row in ranked[:2]] == ["Abridge", "Terray Therapeutics"]
    assert rows["玻色量子"]["unrankable_reason"] == "no_number"
    # 001 and 002 report one round of one company, with two amounts.
    shared = rows["星动纪元"]
    assert (shared["reports"], shared["is_amount_disputed"]) == (2, True)
    assert str(shared["announced_on"]) == "2024-10-16"
    # 002 prints no days, so there is nothing to hold against its week; 001 prints them.
    checks = {line["company"]: rows[line["company"]]["print_check"] for line in lines}
    assert checks.pop("星动纪元") == "within"
    assert {*checks.values()} == {None}


@pytest.mark.parametrize(
    ("table", "as_of", "outside"),
    [
        ("003_funding_events", "2024-07-31", []),
        ("001_funding_events", "2024-10-31", ["Rokid", "因时机器人", "星海图"]),
    ],
)
def test_monthly_funding_tables_are_printed_but_for_deals_of_another_month(
    show_printed: Show, printed: Printed, table: str, as_of: str, outside: list[str]
) -> None:
    rows = {
        row["company"]: row
        for row in show_printed("funding_rounds_period", as_of)
        if row["period"] == "month"
    }
    lines = printed(table)
    elsewhere = [line for line in lines if line["company"] not in rows]
    assert sorted(line["company"] for line in elsewhere) == outside
    earlier = {
        row["company"]: row for row in show_printed("funding_rounds_period", "2024-09-30")
    }
    for line in lines:
        row = rows.get(line["company"]) or earlier[line["company"]]
        assert str(row["announced_on"]) == line["date"]
        assert row["amount_as_printed"] == line["amount_as_printed"]
        assert (row["amount_qualifier"] or "") == line["amount_qualifier"]
        assert row["round"] == line["round"]
        assert row["investors"] == line["investors"]
        assert row["is_rankable"] == bool(line["amount_number"])
        misplaced = line["company"] in outside
        assert row["print_check"] == ("outside_printed_period" if misplaced else "within")
        assert (line["date"] in (row["print_note"] or "")) == misplaced
    for line in elsewhere:
        assert not line["date"].startswith(as_of[:7])


def test_news_and_policies_are_printed_with_misdated_items_marked(
    show_printed: Show, printed: Printed
) -> None:
    weekly = [r for r in show_printed("news_period", "2024-04-19") if r["period"] == "week"]
    assert {row["headline"] for row in weekly} == {x["headline"] for x in printed("000_news")}
    marked = [str(row["event_on"]) for row in weekly if not row["is_event_in_window"]]
    assert "2023-04-19" in marked
    policies = [
        (str(row["issued_on"]), row["title"])
        for row in show_printed("policies_period", "2024-10-31")
        if row["period"] == "month"
    ]
    assert sorted(policies) == sorted((x["date"], x["title"]) for x in printed("001_policies"))
