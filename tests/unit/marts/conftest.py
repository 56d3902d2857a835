"""Compiles the report marts once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from tests.unit.marts.mart_harness import Harness
from yanbao.base.settings import Settings
from yanbao.catalog import DATASETS
from yanbao.warehouse.dbt_runner import DbtProject
from yanbao.warehouse.store import WorkStore

TESTED = (
    "index_changes",
    "theme_fund_returns",
    "pool",
    "pool_sub_industries",
    "llm_leaderboard",
    "web_traffic_week",
    "web_traffic_series",
    "rates_fx",
    "market_cap_moves",
    "company_changes",
    "constituent_ranking",
    "relative_performance",
    "index_path",
    "rates_path",
    "index_daily_extremes",
    "member_extremes",
    "forward_valuation",
    "a_share_peers",
    "overseas_peers",
    "index_profile",
    "funding_rounds_period",
    "app_download_month",
    "gpu_price_series",
    "llm_benchmark",
    "unlisted_names",
    "news_period",
    "policies_period",
    "industry_quarter",
    "sub_industry_quarter",
    "company_quarter",
    "company_growth_distribution",
)
TESTS = ("announcements_are_usable", "taxonomy_codes_are_known")
UNIONS = (
    "int_web_traffic_unioned",
    "int_app_downloads_unioned",
    "int_llm_scores_unioned",
    "int_model_prices_unioned",
    "int_funding_rounds_unioned",
)
STEPS = (
    *UNIONS,
    "income_statements",
    "app_downloads",
    "int_single_quarters",
    "int_statements_visible",
    "int_trailing_figures",
    "int_trailing_figures_overseas",
    "restatements",
)
ARRIVAL = {"load_id": "varchar", "landed_at": "timestamp", "arrival_row": "bigint"}


@pytest.fixture(scope="session")
def mart(made_once: MadeOnce, parsed: Callable[[Path], Path]) -> Harness:
    """Rows of a mart, step or test: ``mart("pool", "2024-10-31", securities=[...], ...)``."""

    def compiled(draft: Path) -> None:
        of_draft = DbtProject(WorkStore(Settings(parsed(draft)).work))
        of_draft.run("compile", "--select", *TESTED, *STEPS, *TESTS)

    project = DbtProject(WorkStore(Settings(made_once("compiled", compiled)).work))
    nodes = project.manifest()["nodes"].values()
    folder = project.target / "compiled" / "yanbao"
    paths = {path.stem: path for path in folder.rglob("*.sql")}
    sql = {name: paths[name].read_text(encoding="utf-8") for name in (*TESTED, *STEPS, *TESTS)}
    columns = {}
    for node in nodes:
        if node["resource_type"] == "seed":
            columns[node["name"]] = node["config"]["column_types"]
        elif node["resource_type"] == "model" and node["schema"] == "core":
            columns[node["name"]] = {
                name: column["data_type"] for name, column in node["columns"].items()
            }
    for dataset in DATASETS:
        declared = {column.name: column.sql_type for column in dataset.columns}
        for source in ("inbox", *dataset.upstream):
            columns[f"stg_{source}__{dataset.name}"] = {**declared, **ARRIVAL}
    return Harness(sql, columns)
