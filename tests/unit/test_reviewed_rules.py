"""Rules of the market expire: a night warns, then blocks or blanks what depends on them."""

from __future__ import annotations

from datetime import date

import pytest

from yanbao.catalog import reviewed_rules as rules
from yanbao.catalog.reviewed_rules import ReviewedRule
from yanbao.quality import staleness

UNTIL = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _two_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tuple(
        ReviewedRule(name, "样例规则", UNTIL, 30, when_over, "样例")
        for name, when_over in (("codes", "block"), ("limits", "blank"))
    )
    monkeypatch.setattr(staleness, "reviewed_rules", lambda: made)


def test_a_night_on_the_last_reviewed_day_has_no_warning() -> None:
    assert staleness.expired_rules(UNTIL) == []


def test_the_day_after_warns_with_what_to_do() -> None:
    found = staleness.expired_rules(date(2027, 1, 1))
    assert [(one.dataset, one.is_over) for one in found] == [
        ("codes", False),
        ("limits", False),
    ]
    assert "reviewed until 2026-12-31 → look up 样例规则" in found[0].line()


def test_past_the_allowance_only_a_rule_that_blocks_stops_the_release() -> None:
    assert not any(one.is_over for one in staleness.expired_rules(date(2027, 1, 30)))
    found = staleness.expired_rules(date(2027, 1, 31))
    assert [(one.dataset, one.is_over) for one in found] == [("codes", True), ("limits", False)]


def test_every_rule_of_the_project_is_complete_and_names_its_source() -> None:
    for one in rules.reviewed_rules():
        assert one.when_over in ("blank", "block")
        assert one.allowance_days > 0
        assert one.source
        assert one.label_zh
