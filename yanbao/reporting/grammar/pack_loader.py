"""Loads ``reports/packs/<name>.yml`` into a ``PackSpec`` and checks it against marts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from yanbao.base.errors import PackError, UsageError, nearest
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import check, read_yaml
from yanbao.catalog.marts import report_marts
from yanbao.reporting.grammar.fact_spec import FactSpec
from yanbao.reporting.grammar.item_spec import EACH_WORD, ItemSpec, SentenceSpec
from yanbao.reporting.grammar.pack_spec import PackSpec, SectionSpec
from yanbao.reporting.grammar.templating import (
    BUILT_IN_WORDS,
    check_template,
    parameter_of,
    placeholders,
)

PACKS = PROJECT_ROOT / "reports" / "packs"
SECTIONS = "sections"


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yml")))


def load_pack(pack: str, folder: Path = PACKS) -> PackSpec:
    """The pack of that name, or of that ``.yml`` path for a team's own pack."""
    is_path = pack.endswith((".yml", ".yaml"))
    path = Path(pack) if is_path else folder / f"{pack}.yml"
    if not path.is_file():
        known = pack_names(folder)
        near = "".join(f"did you mean {name}? " for name in get_close_matches(pack, known, n=1))
        raise UsageError(
            f"there is no file {pack}" if is_path else f"no pack is called {pack!r}",
            hint=f"{near}packs: {', '.join(known)}",
        )
    return parse_pack(read_yaml(path, PackError), path.stem, path.parent, path.name)


def parse_pack(content: Any, name: str, folder: Path = PACKS, where: str = "") -> PackSpec:
    """A pack from plain YAML values; ``name`` is the file's stem.

    ``folder`` is where the pack lies: sections that it uses are looked for beside it,
    then among the shipped ones.
    """
    context = {"shared": lambda used: _shared_section(used, folder, where)}
    pack = check(PackSpec, content, where, PackError, context)
    keys = {mart: spec.row_names for mart, spec in report_marts().items()} | pack.keys
    try:
        pack = pack.changed(partial(_with_columns, parameters=pack.parameters)).placed()
        _check_marts(pack, keys)
        _check_parameters(pack)
        _check_templates(pack)
    except PackError as error:
        place = ": ".join(filter(None, (where, error.where)))
        raise PackError(error.what, where=place, hint=error.hint) from error
    used = sorted({selection.mart for _, selection in pack.selections})
    return pack.model_copy(update={"name": name, "keys": {mart: keys[mart] for mart in used}})


def _with_columns(place: str, item: ItemSpec, parameters: Collection[str]) -> ItemSpec:
    """The item with a fact for each column that its templates name by themselves: the days of
    ``{session_on}`` or ``{report_period:quarter}``, the value of ``{members}``."""
    mart = report_marts().get(item.mart)
    named = {}
    for key, template in item.templates:
        for word in placeholders(template):
            column, _, shown = word.partition(":")
            is_taken = word in item.facts or word in parameters or word in BUILT_IN_WORDS
            if mart is not None and column in mart.columns and not is_taken:
                kind = "dates" if mart.columns[column].display == "date" else "value"
                fact = {kind: {"column": column, "shown": shown or "plain"}}
                named[word] = check(FactSpec, fact, f"{place}.{key}", PackError)
    return item.model_copy(update={"facts": named | item.facts})


def _check_marts(pack: PackSpec, known: Mapping[str, Any]) -> None:
    for place, selection in pack.selections:
        if not selection.mart:
            raise PackError("the key 'mart' is missing", where=place, hint="add it")
        if selection.mart not in known:
            raise PackError.unknown_name("mart", selection.mart, known, place)


def _check_parameters(pack: PackSpec) -> None:
    """A filter names parameters of the pack; the section may be one that others use too."""
    for place, selection in pack.selections:
        for column, values in (*selection.filters, *selection.among):
            for name in filter(None, map(parameter_of, values)):
                if name not in pack.parameters:
                    raise PackError(
                        f"no parameter is called {name!r}",
                        where=f"{place}.filter.{column}",
                        hint=f"give the pack one: parameters: {{{name}: VALUE}}; "
                        f"{nearest(name, pack.parameters)}",
                    )


def _check_templates(pack: PackSpec) -> None:
    """Refuses a placeholder that is no fact, parameter or built-in word, where it stands."""
    common = {*BUILT_IN_WORDS, *pack.parameters}
    for key, template in (("title", pack.title), ("subtitle", pack.subtitle)):
        check_template(template, common, key)
    for item in pack.items:
        known = set(common)
        for fact in item.facts.values():
            check_template(fact.than, known, f"{fact.path}.than")
            check_template(fact.named, pack.parameters, f"{fact.path}.named")
            known.add(fact.name)
        if not isinstance(item, SentenceSpec) and item.each:
            known.add(EACH_WORD)
        for key, template in item.templates:
            check_template(template, known, f"{item.path}.{key}")


def _shared_section(name: str, folder: Path, where: str) -> SectionSpec:
    homes = [home / SECTIONS for home in dict.fromkeys((folder, PACKS))]
    for home in homes:
        if (path := home / f"{name}.yml").is_file():
            file = f"{SECTIONS}/{path.name}"
            section = check(SectionSpec, read_yaml(path, PackError), file, PackError)
            return section.model_copy(update={"file": file})
    known = {stem for home in homes for stem in pack_names(home)}
    raise PackError.unknown_name("section", name, known, where)
