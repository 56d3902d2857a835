"""Bad packs are refused with the place, the key and the nearest known name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from yanbao.base.errors import PackError, UsageError, YanbaoError
from yanbao.reporting.grammar.item_spec import ChartSpec, SentenceSpec, TableSpec
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names
from yanbao.reporting.grammar.pack_spec import PackSpec

Make = Callable[[str], PackSpec]
GOOD = """
keys: {index_changes: [index_code]}
items:
  - table: index_changes
    title: 指数（{as_of}）
    columns: [index_name, {column: close, dated: session_on, decimals: 1}]
    filter: {market: [US, HK], index_code: SPX.GI}
    sort: [-change_this_week, index_code]
    limit: 5
"""


def test_table_is_read_with_every_setting(make_pack: Make) -> None:
    (table,) = make_pack(GOOD).items
    assert isinstance(table, TableSpec)
    assert table.columns[1].dated == "session_on"
    assert table.columns[1].decimals == 1
    assert table.selection.filters == (("market", ("US", "HK")), ("index_code", ("SPX.GI",)))
    assert [key.descending for key in table.selection.sort] == [True, False]
    assert table.selection.limit == 5


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("columns:", "colums:", r"items\[0\]: no key is called 'colums'.*columns"),
        ("limit: 5", "limt: 5", r"items\[0\]: no key is called 'limt'.*limit"),
        ("limit: 5", "limit: 0", r"items\[0\].limit: a whole number ≥ 1 is expected, not 0"),
        ("decimals: 1", "decimal: 1", r"columns\[1\]: no key is called 'decimal'.*decimals"),
        ("{as_of}", "{as_off}", r"title: no fact is called 'as_off'.*as_of"),
        ("{as_of}", "{as_of", r"title: a brace is not closed"),
        ("- table:", "- tabel:", r"no item kind is called 'tabel'.*table"),
        ("- table: index_changes", "- table: index_chnges", r"no mart.*index_changes"),
        ("limit: 5", "limit: 5\n    chart: bar", r"one of table, chart, sentence"),
        ("[index_name,", "[7,", r"columns\[0\]: a mapping is expected"),
        ("filter: {market: [US, HK]", "filter: {market: [{a: 1}]", r"filter.market: plain"),
    ],
)  # fmt: skip
def test_bad_table_is_refused_where_it_is_bad(
    make_pack: Make, before: str, after: str, message: str
) -> None:
    assert before in GOOD
    with pytest.raises(PackError, match=message):
        make_pack(GOOD.replace(before, after))


FACT = """
keys: {{pool: [code]}}
items:
  - sentence: 共{{n}}家
    mart: pool
    facts: {{n: {fact}}}
"""


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            "{count_wher: code, is: present}",
            r"facts.n: no key is called .*did you mean count_where",
        ),
        ("{count_where: code}", r"facts.n: the key 'is' is missing"),
        ("{count_where: code, is: '>> 1'}", r"the condition '>> 1' cannot be read"),
        ("{count_where: code, is: __import__('os')}", r"cannot be read"),
        ("{top: code}", r"the key 'by' is missing"),
        ("{move: code, words: yeild}", r"words: no words is called 'yeild'.*yield"),
    ],
)
def test_bad_fact_is_refused_where_it_is_bad(make_pack: Make, fact: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        make_pack(FACT.format(fact=fact))


def test_fact_may_not_take_the_name_of_a_built_in_word(make_pack: Make) -> None:
    text = FACT.format(fact="{count_where: code, is: present}").replace("{n: ", "{month: ")
    with pytest.raises(PackError, match="'month' is a built-in word"):
        make_pack(text)


def test_bar_chart_takes_one_measure(make_pack: Make) -> None:
    text = """
keys: {pool: [code]}
items: [{chart: bar, mart: pool, title: 图, x: code, y: [a, b]}]
"""
    with pytest.raises(PackError, match="takes one measure"):
        make_pack(text)
    (chart,) = make_pack(text.replace("chart: bar", "chart: grouped bar")).items
    assert isinstance(chart, ChartSpec)


def test_key_given_twice_is_refused(tmp_path: Path) -> None:
    pack = tmp_path / "twice.yml"
    pack.write_text("title: 一\ntitle: 二\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"twice.yml:2: the key 'title' is given twice"):
        load_pack(str(pack))


def test_yaml_tags_cannot_build_objects(tmp_path: Path) -> None:
    pack = tmp_path / "tag.yml"
    pack.write_text("title: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"tag.yml"):
        load_pack(str(pack))


def test_unknown_pack_offers_the_nearest_name_and_lists_the_packs() -> None:
    with pytest.raises(UsageError, match="did you mean galaxy-weekly") as refused:
        load_pack("galaxy-weekley")
    assert all(name in str(refused.value.line()) for name in pack_names())


def test_path_without_a_file_is_named_as_a_file() -> None:
    with pytest.raises(UsageError, match=r"there is no file packs/own\.yml → packs: galaxy"):
        load_pack("packs/own.yml")


def test_parameter_that_a_shared_section_needs_is_named(tmp_path: Path) -> None:
    path = tmp_path / "desk.yml"
    path.write_text(PACK.replace("mine", "company-growth"), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_pack(str(path))
    line = refused.value.line()
    assert line.startswith("desk.yml: sections[0] (sections/company-growth.yml).items[0].")
    assert "called 'pool' → give the pack one: parameters: {pool: VALUE}" in line


def test_column_in_a_template_is_its_own_fact(make_pack: Make) -> None:
    (item,) = make_pack("""
parameters: {members: x}
items:
  - sentence: '{report_period:quarter}{filings_to}{companies}{members}{revenue}'
    mart: industry_quarter
    latest: report_period
    facts: {revenue: {move: revenue_growth_yoy}}
""").items
    found = {name: (fact.kind, fact.column.name) for name, fact in item.facts.items()}
    assert found == {
        "report_period:quarter": ("dates", "report_period"),
        "filings_to": ("dates", "filings_to"),
        "companies": ("value", "companies"),
        "revenue": ("move", "revenue_growth_yoy"),
    }
    assert item.facts["report_period:quarter"].column.shown == "quarter"
    assert {fact.selection.latest for fact in item.facts.values()} == {"report_period"}


def test_unknown_way_of_showing_a_column_is_refused(make_pack: Make) -> None:
    with pytest.raises(PackError, match=r"title: dates.shown: no shown is called 'quater'"):
        make_pack(GOOD.replace("{as_of}", "{session_on:quater}"))


SHARED = "title: 共用\nitems:\n  - {table: pool, title: 池, columns: [code]}\n"
PACK = "title: 试验\nsections:\n  - {use: mine, title: 自定}\n  - use: mine\n"


def test_section_beside_a_desk_s_own_pack_is_used_under_its_own_title(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "mine.yml").write_text(SHARED, encoding="utf-8")
    (tmp_path / "desk.yml").write_text(PACK, encoding="utf-8")
    pack = load_pack(str(tmp_path / "desk.yml"))
    assert [section.title for section in pack.sections] == ["自定", "共用"]
    assert pack.keys == {"pool": ("pool", "code")}


def test_shipped_section_serves_a_desk_s_own_pack(tmp_path: Path) -> None:
    path = tmp_path / "desk.yml"
    path.write_text(PACK.replace("mine", "pool-rules"), encoding="utf-8")
    assert load_pack(str(path)).sections[1].title == "股票池"


def test_unknown_section_offers_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "desk.yml"
    path.write_text(PACK.replace("mine", "pool-rule"), encoding="utf-8")
    with pytest.raises(PackError, match=r"no section is called 'pool-rule'.*pool-rules"):
        load_pack(str(path))


def test_fault_in_a_shared_section_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    bad = SHARED.replace("columns", "colums")
    (tmp_path / "sections" / "mine.yml").write_text(bad, encoding="utf-8")
    (tmp_path / "desk.yml").write_text(PACK, encoding="utf-8")
    with pytest.raises(PackError, match=r"sections/mine.yml: items\[0\]: .*columns"):
        load_pack(str(tmp_path / "desk.yml"))


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{table: pol, title: x, columns: [code]}", ": no mart is called 'pol' → did you mean"),
        ("{table: pool, title: '{pol}', columns: [code]}", ".title: no fact is called 'pol'"),
        ("{sentence: x, facts: {a: {value: b}}}", ".facts.a: the key 'mart' is missing"),
    ],
)
def test_fault_between_parts_of_a_pack_names_file_and_place(
    tmp_path: Path, item: str, message: str
) -> None:
    path = tmp_path / "own.yml"
    path.write_text(f"title: x\nsections: [{{title: x, items: [{item}]}}]\n", encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_pack(str(path))
    assert refused.value.line().startswith(f"own.yml: sections[0].items[0]{message}")


def test_section_that_uses_a_section_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "mine.yml").write_text("use: mine\n", encoding="utf-8")
    (tmp_path / "desk.yml").write_text(PACK, encoding="utf-8")
    with pytest.raises(PackError, match=r"sections/mine.yml: no key is called 'use'"):
        load_pack(str(tmp_path / "desk.yml"))


def test_fact_starts_from_the_rows_of_its_item(make_pack: Make) -> None:
    (item,) = make_pack("""
items:
  - sentence: '{all}{some}{other}{elsewhere}'
    mart: llm_leaderboard
    filter: {category: overall}
    latest: leaderboard_date
    facts:
      all: {count_where: votes, is: present}
      some: {count_where: votes, is: present, where: {board: lmarena}}
      other: {count_where: votes, is: present, where: {category: chinese}}
      elsewhere: {count_where: code, is: present, mart: pool}
""").items
    of_all, some, other, elsewhere = (fact.selection for fact in item.facts.values())
    assert of_all.filters == (("category", ("overall",)),)
    assert some.filters == of_all.filters
    assert some.among == (("board", ("lmarena",)),)
    assert other.filters == (("category", ("chinese",)),)
    assert {of_all.latest, some.latest, other.latest} == {"leaderboard_date"}
    assert (elsewhere.mart, elsewhere.filters, elsewhere.latest) == ("pool", (), "")


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_loads(name: str) -> None:
    pack = load_pack(name)
    assert pack.name == name
    assert any(isinstance(item, TableSpec) for item in pack.items)


def test_galaxy_weekly_covers_twelve_marts_with_five_charts_or_more() -> None:
    pack = load_pack("galaxy-weekly")
    items = list(pack.items)
    tables = {item.selection.mart for item in items if isinstance(item, TableSpec)}
    assert tables == {
        "index_changes", "company_changes", "market_cap_moves", "rates_fx",
        "theme_fund_returns", "pool", "web_traffic_week", "gpu_rental_week",
        "funding_rounds_period", "llm_leaderboard", "news_period", "llm_benchmark",
    }  # fmt: skip
    assert sum(isinstance(item, ChartSpec) for item in items) >= 5
    assert any(isinstance(item, SentenceSpec) for item in items)


def test_pack_error_is_a_usage_error_for_the_command_line() -> None:
    assert issubclass(PackError, YanbaoError)
    assert PackError("x").exit_code == 2
