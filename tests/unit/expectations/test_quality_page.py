"""The quality page: three outcomes, escaped, offline."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

from yanbao.base.check_result import CheckResult, GateResult, Subject
from yanbao.quality.quality_page import render_quality_page, sections_of

DAY = date(2024, 10, 31)


def check(name: str, outcome, severity="error", cell: str = "12") -> GateResult:
    result = Subject("release", name, f"{name} {DAY}").result(
        "range(close)",
        outcome,
        severity=severity,
        observed=cell,
        expected="> 0",
        hint="look again",
        failing_rows=1,
        sample=({"code": cell},),
    )
    return GateResult("release", name, (result,))


RESULTS = [
    check("good", "pass"),
    check("warned", "fail", "warn"),
    check("bad", "fail"),
    check("unknown", "could_not_run"),
    GateResult("release", "nothing", ()),
]


def page(results=RESULTS) -> str:
    return render_quality_page(results, "r000007", DAY)


def marks(html: str, subject: str) -> set[str]:
    """The classes of the marks in one subject's section."""
    section = html.split(f"<h2>{subject} ")[1].split("<h2>", maxsplit=1)[0]
    return set(re.findall(r'class="mark (\w+)"', section))


def test_outcomes_have_different_words_and_colours():
    html = page()
    assert marks(html, "good") == {"passed"}
    assert marks(html, "warned") == {"warned"}
    assert marks(html, "bad") == {"failed"}
    assert marks(html, "unknown") == {"unchecked"}
    styles = re.findall(r"^\.(passed|warned|failed|unchecked) \{ (.*) \}$", html, re.M)
    assert len({style for _, style in styles}) == 4
    for words in ("Could not check", "无法检查", "Failed", "未通过", "Passed", "通过"):
        assert words in html


def test_subject_without_any_check_reads_as_unchecked():
    assert marks(page(), "nothing") == {"unchecked"}
    assert "No check was evaluated" in page()
    tally = page().split('<ul class="tally">')[1].split("</ul>")[0]
    assert re.findall(r"</span> (\d+)</li>", tally) == ["2", "1", "1", "1"]


def test_values_are_escaped():
    html = page([check("bad", "fail", cell="<script>alert('样例')</script>")])
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#39;样例&#39;)&lt;/script&gt;" in html


def test_page_fetches_nothing_and_runs_nothing():
    html = page()
    assert "://" not in html
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|\son\w+=", html)


def test_page_is_well_formed_and_names_release_and_day():
    open_tags: list[str] = []

    class Balanced(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "col"):
                open_tags.append(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Balanced().feed(page())
    assert open_tags == []
    assert "r000007 · 报告日 as of 2024-10-31" in page()


def test_checks_of_a_release_render_like_its_results():
    checks = [one for result in RESULTS for one in result.results]
    assert sections_of(checks) == [one for one in RESULTS if one.results]


def test_tests_of_dbt_share_one_section():
    checks = [
        CheckResult("structure", name, name, "pass", "error", "0", "0", 0, (), "fine")
        for name in ("one", "two")
    ]
    (section,) = sections_of(checks)
    assert [one.check for one in section.results] == ["one", "two"]
