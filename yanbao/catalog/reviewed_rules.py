"""Rules of the market that exchanges change, and until when each was reviewed.

A rule that was right when it was written goes on to be applied when an exchange has changed it.
So each carries the last day for which somebody looked it up, in one seed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT

SEED = Path("dbt_project") / "seeds" / "reviewed_rules.csv"


@dataclass(frozen=True)
class ReviewedRule:
    """One rule; past its allowance it blanks what it alone decides, or blocks the release."""

    rule: str
    label_zh: str
    reviewed_until: date
    allowance_days: int
    when_over: str
    source: str

    def is_due(self, day: date) -> bool:
        """Whether nobody has looked the rule up for a day."""
        return day > self.reviewed_until

    def is_over(self, day: date) -> bool:
        """Whether the allowance after the review is used up."""
        return day > self.reviewed_until + timedelta(self.allowance_days)

    @property
    def advice(self) -> str:
        """What to do about a rule that is due."""
        return (
            f"the rule was reviewed until {self.reviewed_until}"
            f" → look up {self.label_zh}, correct it, and renew reviewed_until in {SEED}"
        )


@cache
def reviewed_rules() -> tuple[ReviewedRule, ...]:
    """Every rule of the seed, in its order."""
    with (PROJECT_ROOT / SEED).open(encoding="utf-8", newline="") as file:
        return tuple(
            ReviewedRule(
                rule=row["rule"],
                label_zh=row["label_zh"],
                reviewed_until=date.fromisoformat(row["reviewed_until"]),
                allowance_days=int(row["allowance_days"]),
                when_over=row["when_over"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )
