"""Lines that people maintain: Python, SQL and YAML outside the tests, generated files left out.

``python -m tests.owned_lines [CHECKOUT]`` (or ``make owned-lines``) counts this checkout by
folder; another checkout is counted beside it, as the state before.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from yanbao.scaffold.generated import is_generated

SUFFIXES = (".py", ".sql", ".yml", ".yaml")
PACKAGES = ("yanbao", "orchestration", "expectations", "models")  # counted by their folders


def owned_lines(checkout: Path) -> Counter[str]:
    """Lines by folder of what git tracks in a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True
    )
    lines: Counter[str] = Counter()
    for name in filter(None, listed.stdout.split("\0")):
        path = checkout / name
        if not name.endswith(SUFFIXES) or name.startswith("tests/") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if not is_generated(text):
            lines[_folder(name)] += len(text.splitlines())
    return lines


def _folder(name: str) -> str:
    parts = Path(name).parts[:-1]
    return "/".join(parts[: 2 if parts and parts[0] in PACKAGES else 1]) or "."


def main() -> None:
    after = owned_lines(Path(__file__).resolve().parents[1])
    before = owned_lines(Path(sys.argv[1])) if sys.argv[1:] else None
    for folder in sorted({*after, *(before or {})}):
        _print_row(folder, None if before is None else before[folder], after[folder])
    _print_row("total", None if before is None else before.total(), after.total())


def _print_row(folder: str, before: int | None, after: int) -> None:
    if before is None:
        print(f"{folder:32} {after:7,}")
        return
    share = f"{(after - before) / before:+7.1%}" if before else "    new"
    print(f"{folder:32} {before:7,} → {after:7,}  {after - before:+7,}  {share}")


if __name__ == "__main__":
    main()
