"""Generated files are what the declarations give now, and say what they are."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.dbt_counts import dbt_counts
from tests.owned_lines import owned_lines
from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, Dataset
from yanbao.catalog.declaration import day, number, text
from yanbao.catalog.scales import Proof
from yanbao.nightly.release import lineage
from yanbao.scaffold import generate
from yanbao.scaffold.dataset_files import core_contract, core_sql, union_sql
from yanbao.scaffold.generated import MARK, is_generated
from yanbao.scaffold.staging_files import live_sql
from yanbao.sources import fetches_for
from yanbao.warehouse.dbt_parse import dbt_manifest

SMALL = Dataset(
    name="small",
    group="own",
    label="小表",
    grain="one item on one day",
    key=("item", "day"),
    cadence="weekly",
    columns=(
        text("item", "What it is.", required=True),
        day("day", "When.", required=True),
        number("value", "CNY", "How much."),
    ),
)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PROJECT_ROOT)) for path in paths]


def test_committed_files_are_what_is_generated() -> None:
    stale = names(generate.stale_files(generate.generated_files(None)))
    assert stale == [], "run make generate, and commit what it writes"


def test_committed_pages_are_what_dbt_and_the_declarations_give() -> None:
    files = generate.generated_files(lineage(dbt_manifest()))
    assert names(generate.stale_files(files)) == [], "run make generate"
    page = (PROJECT_ROOT / "docs" / "import_formats.md").read_text(encoding="utf-8")
    assert "`web_traffic_series`, `web_traffic_week`" in page
    assert "Read by no report mart" in page


def test_every_generated_file_says_so_in_its_first_line() -> None:
    assert all(map(is_generated, generate.generated_files([]).values()))
    assert not is_generated(f"select 1\n-- {MARK}")


def test_missing_changed_and_left_over_files_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "PROJECT_ROOT", tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    left_over, by_hand = models / "gone.sql", models / "own.sql"
    left_over.write_text(f"-- {MARK} yanbao/catalog: gone.\nselect 1\n")
    by_hand.write_text("select 1\n")
    wanted = {models / "new.sql": f"-- {MARK} yanbao/catalog: new.\nselect 2\n"}
    assert generate.stale_files(wanted) == [left_over, models / "new.sql"]
    generate.write(wanted)
    assert generate.stale_files(wanted) == []
    assert sorted(path.name for path in models.iterdir()) == ["new.sql", "own.sql"]


def test_lines_that_people_own_leave_out_tests_and_generated_files(tmp_path: Path) -> None:
    files = {
        "models/marts/core/a.sql": f"-- {MARK} yanbao/catalog: a.\nselect 1\n",
        "models/marts/core/b.sql": "select 1\n",
        "tests/unit/test_c.py": "assert True\n",
        "yanbao/cli/d.py": "x = 1\ny = 2\n",
        "docs/e.md": "words\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    for command in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert owned_lines(tmp_path) == {"models/marts": 1, "yanbao/cli": 2}


def test_core_is_known_from_its_date_unless_declared_otherwise() -> None:
    assert "        day as available_on,\n" in core_sql(SMALL)
    later = replace(SMALL, available_on="day + 1")
    assert "        day + 1 as available_on,\n" in core_sql(later)
    undated = replace(SMALL, date_column="", key=("item",))
    assert "        cast(null as date) as available_on,\n" in core_sql(undated)


def test_contract_has_key_then_attributes_then_arrival() -> None:
    model = core_contract(SMALL)["models"]
    assert isinstance(model, list)
    columns = {column["name"]: column for column in model[0]["columns"]}
    assert list(columns) == [
        *("item", "day", "value", "source_note"),
        *("available_on", "first_seen_at", "load_id", "version"),
    ]
    assert columns["item"]["constraints"] == [{"type": "not_null"}]
    assert columns["value"]["description"] == "How much. Unit: CNY."
    assert columns["value"]["data_type"] == "double"


def test_union_says_what_a_source_does_not_carry() -> None:
    valuations = union_sql(BY_NAME["index_valuations"])
    assert "'ps_ttm loss_rule' as not_carried\n" in valuations
    assert "not_carried" not in union_sql(BY_NAME["fx_fixings"])
    names_of_shares = union_sql(BY_NAME["securities"])
    assert "when status = 'D' then 'board'\n" in names_of_shares


def test_union_fills_and_names_what_the_declaration_says() -> None:
    rounds = union_sql(BY_NAME["funding_rounds"])
    assert "coalesce(currency, {{ amount_currency('amount_text') }}) as currency" in rounds
    assert "{'company': 'company'}" in rounds
    assert "day='last_day(named.month)'" in union_sql(BY_NAME["app_downloads"])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"key": ("item", "dya")}, "no column of small is called 'dya' → did you mean day?"),
        ({"label": ""}, "small has no label → add it to the declaration"),
        ({"key": ()}, "small has no key"),
        ({"columns": (text("item", ""),)}, "small.item has no description"),
        (
            {"proofs": (Proof("vale", "value", "same", (1, 1), (1, 1)),)},
            "did you mean value?",
        ),
        ({"not_carried": {"sina": ("value",)}}, "no upstream of small is called 'sina'"),
        ({"entities": (("item", "prodct"),)}, "did you mean product?"),
        ({"partitioning": "weekly"}, "no partitioning of small is called 'weekly'"),
        ({"group": ""}, "small has no group"),
    ],
)
def test_declaration_that_names_what_it_lacks_is_refused(
    change: dict[str, object], what: str
) -> None:
    with pytest.raises(UsageError, match="small") as error:
        replace(SMALL, **change)  # type: ignore[arg-type]
    assert what in error.value.line()


def test_staging_takes_of_each_reply_what_the_other_lacks_and_the_window_of_a_history() -> None:
    sql = live_sql(fetches_for("fund_navs"))
    assert (
        "coalesce(\n            cast(日期 as date),\n            cast(净值日期 as date)" in sql
    )
    assert """where {{ in_asked_window("cast(净值日期 as date)") }}""" in sql
    assert sql.endswith("where nav is not null and nav_date is not null\n")


@pytest.mark.parametrize(
    ("computed", "what"),
    [
        ({"nva": "1"}, "no column of fund_navs is called 'nva' → did you mean nav?"),
        ({"nav": "'1'"}, "nav is a constant for some replies"),
    ],
)
def test_staging_that_cannot_be_derived_is_refused(computed: dict[str, str], what: str) -> None:
    first, *others = fetches_for("fund_navs")
    with pytest.raises(UsageError) as error:
        live_sql([replace(first, computed=computed), *others])
    assert what in error.value.line()


def test_every_column_of_a_public_table_has_a_label_and_words() -> None:
    silent = [
        f"{node['name']}.{name}"
        for node in dbt_manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("core", "report")
        for name, column in node["columns"].items()
        if not column["description"] or not column["config"]["meta"].get("label_zh")
    ]
    assert silent == [], "write labels into yanbao/catalog/core_labels.py"


def test_counts_of_dbt_miss_a_column_of_the_store_without_words(tmp_path: Path) -> None:
    words = {"a": {"description": "One."}, "B": {"description": "Two."}}
    model = {"resource_type": "model", "description": "A model.", "columns": words}
    manifest = {"nodes": {"m": model}, "unit_tests": {"u": {"resource_type": "unit_test"}}}
    catalog = {"nodes": {"m": {"columns": {"a": {}, "b": {}, "c": {}}}}, "sources": {}}
    for name, content in (("manifest", manifest), ("catalog", catalog)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    counts = dbt_counts(tmp_path)
    assert (counts["models"], counts["unit tests"]) == ("1", "1")
    assert (counts["described tables"], counts["described columns"]) == ("1 of 1", "2 of 3")
