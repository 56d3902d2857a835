"""Titles and names without the tags and entities of the page that they came from."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_macros import as_dbt_renders
from yanbao.catalog import DATASETS
from yanbao.scaffold.staging_files import inbox_sql

WORDS = as_dbt_renders('{{ plain_words("given") }}')


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("A&amp;B 收购 C", "A&B 收购 C"),
        ("<em>芯片</em>涨价", "芯片涨价"),
        ("&lt;em&gt;芯片&lt;/em&gt;涨价", "芯片涨价"),
        ('<font color="red">涨</font>价', "涨价"),
        ("<a href='x?a=1&b=2'>题</a>", "题"),
        ("上<br/>下", "上 下"),
        ("5&nbsp;nm", "5 nm"),
        ("&#39;x&#39; &quot;y&quot;", "'x' \"y\""),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&#x4e2d;&#22269;&#8212;&#X56FD; &#x1F4C8;", "中国—国 📈"),
        ("&#60;b&#62;&#20013;&#x3c;/b&#x3e; &#33;", "中 !"),
        ("&amp;#8212; &#1; &#55296; &#9999999;", "&#8212; &#1; &#55296; &#9999999;"),
        ("毛利率<5%且>3%", "毛利率<5%且>3%"),
        ("a <b and c> d", "a <b and c> d"),
        ("《<芯片法案>》", "《<芯片法案>》"),
        ("AT&T", "AT&T"),
        (None, None),
    ],
)
def test_marks_of_a_page_are_taken_out_once(given: str | None, wanted: str | None) -> None:
    query = f"select {WORDS} from (select cast(? as varchar) as given)"
    assert duckdb.execute(query, [given]).fetchone() == (wanted,)


@pytest.mark.parametrize(
    ("dataset", "column"),
    [("news_items", "headline"), ("policies", "title"), ("funding_rounds", "company")],
)
def test_staging_cleans_titles_and_names(dataset: str, column: str) -> None:
    (found,) = [one for one in DATASETS if one.name == dataset]
    assert f'{{{{ plain_words("cast({column} as varchar)") }}}} as {column}' in inbox_sql(found)
