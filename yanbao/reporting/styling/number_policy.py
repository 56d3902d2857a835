"""How a house style prints numbers: 万 or 亿, and what stands for a negative PE."""

from __future__ import annotations

import re
from typing import Literal

from yanbao.base.yaml_file import YamlModel
from yanbao.reporting.styling.vocabulary import LOSS, MISSING, SCALES, ScaleWord

Amounts = Literal["dictionary", "wan", "yi"]
NegativePE = Literal["print", "dash", "word"]
_PE = re.compile(r"pe_.*")
_MOST_DECIMALS = 4


class NumberPolicy(YamlModel):
    """``amounts``: each metric's own scale (the dictionary's), or all in 万 or in 亿.

    ``negative_pe``: the digits, the dash, or the word for a loss.
    """

    amounts: Amounts = "dictionary"
    negative_pe: NegativePE = "print"

    def scale(self, usual: ScaleWord, decimals: int) -> tuple[ScaleWord, int]:
        """Scale and decimals of an amount whose dictionary says ``usual``.

        Decimals move with the scale, so that about the same digits stand: 5.14亿 is 51400万.
        Amounts that the dictionary prints unscaled (prices) stay so.
        """
        if self.amounts == "dictionary" or usual == "one":
            return usual, decimals
        moved = SCALES[self.amounts][0] - SCALES[usual][0]
        return self.amounts, min(max(decimals + moved, 0), max(decimals, _MOST_DECIMALS))

    def negative_text(self, column: str) -> str:
        """What stands for a negative number of this column; empty: its digits."""
        if not _PE.fullmatch(column):
            return ""
        return {"print": "", "dash": MISSING, "word": LOSS}[self.negative_pe]


AS_STORED = NumberPolicy()
