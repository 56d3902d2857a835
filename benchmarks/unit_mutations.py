"""Numbers in another unit: how many of them the raw gate holds, by dataset and column.

``python -m benchmarks.unit_mutations`` takes the sample, made-up batches for the columns that
the sample lacks, and with ``--real FOLDER`` real files. Each batch is judged as it is, where
every alarm is a false one, and once for each column, factor and choice of rows. A batch comes
twice: behind the history before it, and as the first one ever.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
from yanbao_gx.batch_suites import BatchContext

from benchmarks.made_up_batches import made_up_batches
from benchmarks.page import markdown_table
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, Column, Dataset
from yanbao.quality.last_good import last_of_each
from yanbao.quality.raw_gate import check_batch

FACTORS = (100.0, 0.01, 1e4, 1e-4, 1e8)
SIGN = -1.0
SAMPLE = tuple(PROJECT_ROOT / "sample_data" / name for name in ("made_up", "transcribed"))
CHOICES = ("all", "half of the entities", "one entity")
TODAY = date(2026, 11, 1)
HISTORY_SHARE = 0.7  # of the days; the batch is the rest


@dataclass(frozen=True)
class Batch:
    """Rows that are right, behind those that came before, if any."""

    dataset: Dataset
    rows: pd.DataFrame
    before: pd.DataFrame | None = None

    @property
    def when(self) -> str:
        return "first ever" if self.before is None else "behind its history"

    def faults(self) -> list[str]:
        """The checks that hold the batch as a file."""
        previous = None if self.before is None else last_of_each(self.dataset, self.before)
        context = BatchContext(TODAY, is_feed=False, previous=previous, is_backfill=True)
        return [
            one.check for one in check_batch(self.dataset, self.rows, context=context).failed
        ]

    def is_held(self) -> bool:
        return bool(self.faults())

    def mutated(self, column: Column, factor: float, choice: str) -> Batch | None:
        """The batch with numbers of one column multiplied; none where nothing would change."""
        chosen = self._chosen(choice)
        values = self.rows[column.name].astype("float64")
        changed = values.where(~chosen, values * factor)
        if not (changed.notna() & (changed != values)).any():
            return None
        return replace(self, rows=self.rows.assign(**{column.name: changed}))

    def _chosen(self, choice: str) -> pd.Series[bool]:
        entity = [name for name in self.dataset.entity_columns if name in self.rows]
        numbers = self.rows.groupby(entity, sort=False, dropna=False).ngroup()
        if choice == "one entity":
            return numbers == 0
        return numbers % 2 == 0 if choice == "half of the entities" else numbers >= 0


@dataclass
class Tally:
    """What became of the mutations of one column, by factor."""

    held: Counter[float] = field(default_factory=Counter)
    missed: Counter[float] = field(default_factory=Counter)

    def add(self, factor: float, is_held: bool) -> None:
        (self.held if is_held else self.missed)[factor] += 1


def typed(path: Path) -> pd.DataFrame:
    """A file in the import format with the declared types, as staging would read it."""
    dataset = BY_NAME[path.stem]
    is_text = path.suffix == ".csv"
    source = f"read_csv('{path}', all_varchar = true)" if is_text else f"'{path}'"
    header = duckdb.sql(f"select * from {source} limit 0").columns
    fields = ", ".join(
        f'cast("{name}" as {dataset.column(name).sql_type}) as "{name}"'
        for name in header
        if name in dataset.column_names
    )
    return duckdb.sql(f"select {fields} from {source}").df()


def batches(dataset: Dataset, rows: pd.DataFrame) -> Iterator[Batch]:
    """The rows as the first ones ever and, where they span days, their end behind the rest."""
    yield Batch(dataset, rows)
    days = sorted(rows[dataset.date_column].unique())
    if len(days) > 1:
        cut = days[max(1, int(len(days) * HISTORY_SHARE))]
        is_before = rows[dataset.date_column] < cut
        yield Batch(dataset, rows[~is_before], rows[is_before])


def clean_batches(folders: Sequence[Path]) -> Iterator[Batch]:
    """Every batch that is right: of files in the import format, and made-up ones."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.stem in BY_NAME and BY_NAME[path.stem].measures:
                yield from batches(BY_NAME[path.stem], typed(path))
    for name, rows in made_up_batches():
        yield from batches(BY_NAME[name], rows)


def mutations(
    batch: Batch, factors: Sequence[float], choice: str, *, only: str = ""
) -> Iterator[tuple[Column, float, Batch]]:
    """The batch once for each column, or for one of them, and factor."""
    for column in batch.dataset.measures:
        if only in ("", column.name) and column.name in batch.rows:
            for factor in factors:
                mutant = batch.mutated(column, factor, choice)
                if mutant is not None:
                    yield column, factor, mutant


def is_refused(column: Column, mutant: Batch) -> bool:
    """Whether the door of files quarantines the cells: parts of a whole number."""
    if column.kind != "integer":
        return False
    values = mutant.rows[column.name].dropna()
    return bool((values != values.round()).any())


def main() -> int:
    """Print the table; the code is 1 for a false alarm or more than one in a hundred missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unit_mutations")
    parser.add_argument("--real", type=Path, help="a folder of real files in the import format")
    parser.add_argument("--choice", choices=CHOICES, default="all")
    parser.add_argument("--sign", action="store_true", help="times minus one instead")
    parser.add_argument("--missed", action="store_true", help="only rows with a miss")
    told = parser.parse_args()
    folders = [*SAMPLE, *([told.real] if told.real else [])]
    factors = (SIGN,) if told.sign else FACTORS
    tallies: dict[tuple[str, str, str], Tally] = {}
    alarms, judged = 0, 0
    for batch in clean_batches(folders):
        judged += 1
        faults = batch.faults()
        if faults:
            alarms += 1
            print(f"false alarm: {batch.dataset.name}, {batch.when}: {faults}")
        for column, factor, mutant in mutations(batch, factors, told.choice):
            tally = tallies.setdefault((batch.dataset.name, column.name, batch.when), Tally())
            tally.add(factor, is_refused(column, mutant) or mutant.is_held())
    print(_table(tallies, factors, only_missed=told.missed))
    held = sum(tally.held.total() for tally in tallies.values())
    missed = sum(tally.missed.total() for tally in tallies.values())
    print(
        f"{held:,} of {held + missed:,} held; {alarms} false alarms in {judged} clean batches"
    )
    return int(bool(alarms) or missed > 0.01 * (held + missed))


def _table(
    tallies: dict[tuple[str, str, str], Tally], factors: Sequence[float], *, only_missed: bool
) -> str:
    header = ("dataset", "column", "batch", *(f"×{factor:g}" for factor in factors), "missed")
    rows = [
        (
            *named,
            *(f"{tally.held[one]}/{tally.held[one] + tally.missed[one]}" for one in factors),
            str(tally.missed.total()),
        )
        for named, tally in sorted(tallies.items())
        if tally.missed or not only_missed
    ]
    return markdown_table(header, rows)


if __name__ == "__main__":
    sys.exit(main())
