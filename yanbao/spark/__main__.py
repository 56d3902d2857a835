"""``python -m yanbao.spark [FOLDER]``: the models on DuckDB and on Spark, side by side.

Reads the raw zone and the day of the current release of the state folder; writes below FOLDER
alone. Ends with 1 where a mart was not built on Spark or differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import Settings, load_settings
from yanbao.raw.zone import RawZone
from yanbao.releases.adhoc import released_parameters
from yanbao.releases.release_store import ReleaseStore
from yanbao.spark.build import build_on_spark
from yanbao.spark.compare import Compared, compare
from yanbao.spark.hand_over import build_on_duckdb, hand_over


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m yanbao.spark", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("target/spark"))
    parser.add_argument("--home", type=Path, help="state folder (default: YANBAO_HOME)")
    parser.add_argument(
        "--hand-over-only", action="store_true", help="write what a cluster starts from"
    )
    words = parser.parse_args()
    settings = Settings(words.home) if words.home else load_settings()
    try:
        return _run(settings, words.folder, hand_over_only=words.hand_over_only)
    except YanbaoError as error:
        print(error.line(), file=sys.stderr)
        return 1


def _run(settings: Settings, folder: Path, *, hand_over_only: bool) -> int:
    parameters = released_parameters(ReleaseStore(settings.releases).current())
    started = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {words}", flush=True)

    say("building on DuckDB")
    store = build_on_duckdb(RawZone(settings.raw), parameters, folder / "duckdb")
    count = hand_over(store, folder / "handed_over")
    say(f"handed over {count} relations as Parquet: {folder / 'handed_over'}")
    if hand_over_only:
        return 0
    say("building on Spark")
    built = build_on_spark(folder / "handed_over", folder / "spark")
    say(
        f"built {sum(one.status == 'success' for one in built)} of {len(built)} models on Spark"
    )
    for one in built:
        if one.status != "success":
            print(f"{one.status}: {one.name}: {one.message}")
    compared = compare(store, folder / "spark")
    for mart in compared:
        print(_line(mart))
    equal = sum(mart.is_equal for mart in compared)
    say(f"{equal} of {len(compared)} marts are equal on both engines")
    return 0 if equal == len(compared) else 1


def _line(mart: Compared) -> str:
    name = f"{mart.relation.schema}.{mart.relation.name}"
    verdict = "equal" if mart.is_equal else f"DIFFERS: {mart.differs}"
    return f"{name:38} {mart.rows:>9,} rows  {mart.duckdb_hash[:12]}  {verdict}"


if __name__ == "__main__":
    sys.exit(main())
