"""``yanbao import --preview`` before the first release: the gate's word, and what is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.desk import Desk
from yanbao.cli.import_preview import print_preview
from yanbao.nightly.import_preview import preview_import

pytestmark = [pytest.mark.slow]

BAR = {"code": "600001.SH", "trade_date": "2024-10-31", "close": 10.0}


def test_a_preview_says_what_would_be_held_why_and_what_accepting_it_would_do(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.take_rows("a_share_bars", [{**BAR, "adjustment": "forward_ratio"}])
    new = {**BAR, "trade_date": "2024-11-01", "close": 12.0}
    path = desk.write("a_share_bars", [{**BAR, "close": 11.0}, new, {**BAR, "code": "oops"}])
    loads = desk.zone.loads()
    preview = preview_import(desk.settings, [path, tmp_path / "missing.csv"])
    print_preview(preview, "table")
    said = capsys.readouterr().out
    for words in (
        "a_share_bars.csv: a_share_bars: 3 rows in = 2 to load + 1 to quarantine",
        "code_pattern in code, first in row 4: 'oops'",
        "would wait for a person: 1 of 3 rows are bad",
        "would wait for a person: a_share_bars: rule stored_basis failed",
        "row 2 600001.SH 2024-10-31 none, stored forward_ratio on 2024-10-31",
        "core.daily_bars: 1 new keys, 1 stored keys with other values",
        "600001.SH 2024-10-31 close: 10 → 11",
        "600001.SH 2024-10-31 adjustment: forward_ratio → none",
        "missing.csv: would be refused",
        "nothing was loaded",
    ):
        assert words in said, said
    assert desk.zone.loads() == loads
    assert not desk.settings.quarantine.exists() or not [*desk.settings.quarantine.iterdir()]
    print_preview(preview, "json")
    assert '"kind": "stored value"' in capsys.readouterr().out
