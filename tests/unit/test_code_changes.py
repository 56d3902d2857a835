"""The list of changed codes that ships: each row a change that can be, told once."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.declaration import LISTED_CODE

SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "known_code_changes.csv"
with SEED.open(encoding="utf-8", newline="") as lines:
    CHANGES = list(csv.DictReader(lines))
BEIJING = [change for change in CHANGES if change["old_code"].endswith(".BJ")]


def test_every_change_names_two_codes_a_day_and_where_it_was_read() -> None:
    for change in CHANGES:
        codes = {change["old_code"], change["new_code"]}
        assert len(codes) == 2
        assert all(re.fullmatch(LISTED_CODE, code) for code in codes), change
        assert date.fromisoformat(change["changed_on"]) > date(2000, 1, 1)
        assert change["source_note"]


def test_no_code_changes_twice_or_is_given_to_two_companies() -> None:
    for column in ("old_code", "new_code"):
        assert max(Counter(change[column] for change in CHANGES).values()) == 1
    assert not {c["old_code"] for c in CHANGES} & {c["new_code"] for c in CHANGES}


def test_beijing_moved_248_codes_and_kept_their_last_two_digits() -> None:
    assert len(BEIJING) == 248
    assert Counter(c["changed_on"] for c in BEIJING) == {"2025-05-06": 6, "2025-10-09": 242}
    for change in BEIJING:
        assert change["new_code"].startswith("920")
        assert change["new_code"][4:6] == change["old_code"][4:6]
