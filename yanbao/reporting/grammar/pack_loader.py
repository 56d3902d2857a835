"""Loads ``reports/packs/<name>.yml`` into a ``PackSpec`` and checks it against marts."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from yanbao.base.errors import PackError, UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import check, read_yaml
from yanbao.catalog.marts import report_marts
from yanbao.reporting.grammar.pack_spec import PackSpec, SectionSpec
from yanbao.reporting.grammar.templating import check_templates

PACKS = PROJECT_ROOT / "reports" / "packs"
SECTIONS = "sections"


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yml")))


def load_pack(pack: str, folder: Path = PACKS) -> PackSpec:
    """The pack of that name, or of that ``.yml`` path for a team's own pack."""
    path = Path(pack) if pack.endswith((".yml", ".yaml")) else folder / f"{pack}.yml"
    if not path.is_file():
        known = pack_names(folder)
        near = "".join(f"did you mean {name}? " for name in get_close_matches(pack, known, n=1))
        raise UsageError(f"no pack is called {pack!r}", hint=f"{near}packs: {', '.join(known)}")
    return parse_pack(read_yaml(path, PackError), path.stem, path.parent, path.name)


def parse_pack(content: Any, name: str, folder: Path = PACKS, where: str = "") -> PackSpec:
    """A pack from plain YAML values; ``name`` is the file's stem.

    ``folder`` is where the pack lies: sections that it uses are looked for beside it,
    then among the shipped ones.
    """
    context = {"shared": lambda used: _shared_section(used, folder, where)}
    keys = {mart: spec.row_names for mart, spec in report_marts().items()}
    pack = check(PackSpec, content, where, PackError, context).at(name, keys)
    try:
        _check_marts(pack)
        check_templates(pack)
    except PackError as error:
        place = ": ".join(filter(None, (where, error.where)))
        raise PackError(error.what, where=place, hint=error.hint) from error
    used = sorted({selection.mart for _, selection in pack.selections})
    return pack.model_copy(update={"keys": {mart: pack.keys[mart] for mart in used}})


def _check_marts(pack: PackSpec) -> None:
    for place, selection in pack.selections:
        if not selection.mart:
            raise PackError("the key 'mart' is missing", where=place, hint="add it")
        if selection.mart not in pack.keys:
            raise PackError.unknown_name("mart", selection.mart, pack.keys, place)


def _shared_section(name: str, folder: Path, where: str) -> SectionSpec:
    homes = [home / SECTIONS for home in dict.fromkeys((folder, PACKS))]
    for home in homes:
        if (path := home / f"{name}.yml").is_file():
            file = f"{SECTIONS}/{path.name}"
            section = check(SectionSpec, read_yaml(path, PackError), file, PackError)
            return section.model_copy(update={"file": file})
    known = {stem for home in homes for stem in pack_names(home)}
    raise PackError.unknown_name("section", name, known, where)
