"""The packages of the product, which of them imports which, and what the floors forbid.

``python -m tests.import_graph`` (or ``make import-graph``) prints packages, arrows, pairs that
import each other and circles of files.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# From the lowest floor to the highest; a package imports from its own floor and below alone.
FLOORS = (
    "yanbao.base",
    "yanbao.catalog",
    "yanbao.raw",
    "yanbao.sources",
    "yanbao.inbox",
    "yanbao.warehouse",
    "yanbao_gx",
    "yanbao.quality",
    "yanbao.releases",
    "yanbao.reporting",
    "yanbao.intake",
    "yanbao.spark",
    "yanbao.nightly",
    "yanbao_dagster",
    "yanbao.scaffold",
    "yanbao.cli",
)
# Where each top-level package lies in a checkout.
FOLDERS = {
    "yanbao": "yanbao",
    "yanbao_dagster": "orchestration/yanbao_dagster",
    "yanbao_gx": "expectations/yanbao_gx",
}


@dataclass(frozen=True)
class Arrow:
    """``importer`` imports ``imported``: two modules of ours by their dotted names."""

    importer: str
    imported: str


@dataclass(frozen=True)
class ImportGraph:
    """The modules of a checkout and the imports between them, those inside functions too."""

    paths: Mapping[str, Path]
    arrows: tuple[Arrow, ...]

    def package(self, module: str) -> str:
        """The folder of a module, as a dotted name."""
        is_package = self.paths[module].name == "__init__.py"
        return module if is_package else module.rpartition(".")[0]

    def package_arrows(self) -> dict[tuple[str, str], list[Arrow]]:
        """Arrows that leave their package, by the pair of packages."""
        found: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
        for arrow in self.arrows:
            pair = self.package(arrow.importer), self.package(arrow.imported)
            if pair[0] != pair[1]:
                found[pair].append(arrow)
        return found

    def mutual_pairs(self) -> list[tuple[str, str]]:
        """Packages that import each other."""
        arrows = self.package_arrows()
        return sorted(pair for pair in arrows if pair[0] < pair[1] and pair[::-1] in arrows)

    def circles(self) -> list[list[str]]:
        """Groups of modules of which each reaches every other by its imports."""
        below: dict[str, set[str]] = defaultdict(set)
        for arrow in self.arrows:
            below[arrow.importer].add(arrow.imported)
        reached = {module: _reached(module, below) for module in self.paths}
        groups = {
            tuple(sorted(other for other in reached[module] if module in reached[other]))
            for module in self.paths
        }
        return sorted(list(group) for group in groups if group)

    def arrows_up(self) -> list[Arrow]:
        """Imports of a higher floor, and of a package that stands on no floor."""
        return [arrow for arrow in self.arrows if floor(arrow.importer) < floor(arrow.imported)]


def _reached(module: str, below: Mapping[str, set[str]]) -> set[str]:
    """The modules that a module imports, directly or through others."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        new = below.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached


def floor(module: str) -> int:
    """The floor of a module; -1 where it stands on none."""
    for number, name in enumerate(FLOORS):
        if module == name or module.startswith(f"{name}."):
            return number
    return -1


def read_graph(root: Path) -> ImportGraph:
    """The import graph of a checkout."""
    paths = dict(_modules(root))
    arrows = {
        Arrow(module, name)
        for module, path in paths.items()
        for imported in imported_names(path.read_text(encoding="utf-8"))
        for name in [_own(imported, paths)]
        if name is not None and name != module
    }
    return ImportGraph(paths, tuple(sorted(arrows, key=lambda a: (a.importer, a.imported))))


def _modules(root: Path) -> Iterator[tuple[str, Path]]:
    for package, folder in FOLDERS.items():
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            yield ".".join((package, *parts)), path


def _own(name: str, paths: Mapping[str, Path]) -> str | None:
    """Our own module that a dotted name means, if any."""
    if name in paths:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in paths else None


@cache
def imported_names(code: str) -> tuple[str, ...]:
    """Dotted names of what a module imports, at its top and inside its functions."""
    return tuple(_imported(ast.parse(code)))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def main() -> None:
    """Print the graph; exit 1 where it has an arrow up, a mutual pair or a circle."""
    graph = read_graph(Path(__file__).resolve().parents[1])
    arrows = graph.package_arrows()
    for package in sorted({graph.package(module) for module in graph.paths}):
        below = sorted(to for came, to in arrows if came == package)
        print(f"{package} -> {', '.join(below) or '-'}")
    pairs, circles, up = graph.mutual_pairs(), graph.circles(), graph.arrows_up()
    print(
        f"\n{len({graph.package(m) for m in graph.paths})} packages, {len(arrows)} arrows,"
        f" {len(pairs)} mutual pairs, {len(circles)} circles of files, {len(up)} arrows up"
    )
    for name, found in (("mutual", pairs), ("circle", circles), ("up", up)):
        for one in found:
            print(f"{name}: {one}")
    sys.exit(1 if pairs or circles or up else 0)


if __name__ == "__main__":
    main()
