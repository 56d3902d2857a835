"""The page in a real browser: the sort script runs under its own security policy."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.limits import HANG_SECONDS
from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.build import build_pack
from yanbao.reporting.pages.render_html import script_hash
from yanbao.reporting.reading.release_reader import ReleaseReader

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
Open = Callable[..., Any]
# Each of them writes a word into the title, should it ever run.
RUN = "document.title='ran'"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'</td></table><svg onload="{RUN}">',
    "=1+1",
    "@SUM(1)",
)
CLICK = 'document.querySelectorAll("th span")[3].click();'


@pytest.fixture
def opened(
    make_release: Callable[..., ReleaseReader],
    tables: Tables,
    small_pack: str,
    tmp_path: Path,
    read_page: Callable[[Path], Any],
) -> Open:
    """The page's document after its script, and the given one behind it, have run."""
    for row, name in zip(tables["index_changes"], HOSTILE):
        row["index_name"] = name
    # 1.001 % and 1.004 % both print +1.00; only the unrounded value orders them.
    for row, change in zip(tables["index_changes"], (0.01001, 0.01004, -0.5, 0.2, None)):
        row["change_this_week"] = change
    source = build_pack(small_pack, make_release(tables), tmp_path / "out", ("html",))["html"]

    def run(extra: str, *, allowed: bool = True, policy: str = "") -> Any:
        """``policy`` is taken out of the page: then any script would run."""
        text = source.read_text(encoding="utf-8").replace(policy or "\0", "")
        script = text.rpartition("<script>")[2].partition("</script>")[0]
        text = text.replace(script, script + extra)
        if allowed:
            text = text.replace(script_hash(script), script_hash(script + extra))
        page, dumped = tmp_path / "page.html", tmp_path / "dumped.html"
        page.write_text(text, encoding="utf-8")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [str(CHROMIUM), *options, profile, page.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=HANG_SECONDS, check=True)
        dumped.write_bytes(done.stdout)
        return read_page(dumped)

    return run


def column(page: Any) -> list[str]:
    return [row[3] for row in page.tables[0][1:]]


def test_click_on_a_header_sorts_by_unrounded_values_with_dashes_last(opened: Open) -> None:
    assert column(opened("")) == ["+1.00", "+1.00", "-50.00", "+20.00", "–", "–"]
    page = opened(CLICK)
    assert column(page) == ["+20.00", "+1.00", "+1.00", "-50.00", "–", "–"]
    assert [row[1] for row in page.tables[0][2:4]] == ["IXIC.GI", "SPX.GI"]
    ascending = column(opened(CLICK * 2))
    assert ascending == ["-50.00", "+1.00", "+1.00", "+20.00", "–", "–"]


def test_script_that_is_not_the_page_s_own_does_not_run(opened: Open) -> None:
    assert column(opened(CLICK, allowed=False))[0] == "+1.00"


def test_hostile_names_are_text_even_where_every_script_may_run(
    opened: Open, tmp_path: Path
) -> None:
    opened("")
    page = tmp_path / "page.html"
    text = page.read_text(encoding="utf-8")
    policy = text.partition('<meta http-equiv="Content-Security-Policy"')[2].partition(">")[0]
    assert policy
    shown = opened("", policy=policy)
    assert [row[0] for row in shown.tables[0][1:]] == list(HOSTILE)
    assert "<title>ran" not in (tmp_path / "dumped.html").read_text(encoding="utf-8")
    # The same words in a script that the policy would stop do run: the check can fail.
    opened(f"{RUN};", allowed=False, policy=policy)
    assert "<title>ran" in (tmp_path / "dumped.html").read_text(encoding="utf-8")
