"""What listing the raw zone costs: 10,000 small loads with their verdicts.

Usage: ``python -m benchmarks.raw_index [--loads N]``. Each listing is a process of its own,
for that is what a command pays; the last line is a second listing in the same process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from yanbao.raw.index import FILE_NAME
from yanbao.raw.load import Load

DATASETS, SOURCES = 50, 10
LIST_TWICE = """
import sys, time
from pathlib import Path
from yanbao.raw.zone import RawZone
for _ in range(2):
    begun = time.process_time()
    count = len(RawZone(Path(sys.argv[1])).loads())
    print(count, time.process_time() - begun)
"""


def make_loads(root: Path, count: int) -> None:
    """Write load folders and verdicts as the zone lays them out, without its fsyncs."""
    (root / "verdicts").mkdir(parents=True)
    for number in range(count):
        dataset, source = f"dataset_{number % DATASETS}", f"source_{number % SOURCES}"
        load_id = f"20241031T100000{number:06d}-0000-{dataset}"
        at = "2024-10-31T10:00:00+00:00"
        load = Load(load_id, source, dataset, "read", "ok", at, at, {"page": number}, at[:10])
        folder = root / "loads" / source / dataset / load_id
        folder.mkdir(parents=True)
        record = json.dumps(load.as_record(), indent=1)
        (folder / "manifest.json").write_text(record, encoding="utf-8")
        verdict = {"outcome": "pass", "messages": [], "quarantined": [], "results": []}
        (root / "verdicts" / f"{load_id}.json").write_text(json.dumps(verdict), "utf-8")


def listed(root: Path) -> list[str]:
    """CPU seconds of a first and a second listing in one new process."""
    command = [sys.executable, "-c", LIST_TWICE, str(root)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split()[1] for line in lines.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of listing the raw zone.")
    parser.add_argument("--loads", type=int, default=10_000)
    count = parser.parse_args().loads
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "raw"
        make_loads(root, count)
        without, _ = listed(root)
        first, second = listed(root)
        size = (root / FILE_NAME).stat().st_size
    print(f"{count} loads, CPU seconds: without an index {float(without):.2f}")
    print(f"with it {float(first):.2f}, again in one process {float(second):.3f}")
    print(f"the index holds {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
