"""What a reader may set in a pack: pool, theme, universe, or any value that a filter names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from yanbao.base.errors import UsageError
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.grammar.templating import parameter_of
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.formatting import plain_text


def bind(
    spec: PackSpec, release: ReleaseReader, given: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Value and label of each parameter: the pack's own values, those of ``given`` before
    them. A label comes from the seeds, by the columns that the parameter filters.

    Of several values that a pack lists, the first serves that a mart holds; without any, the
    first of the list, and the tables report that they have no such row.

    A value must be one that the seeds of the release list for the filtered column or, for a
    column without such a list, one that the mart holds; one that the pack sets by itself may
    then be one that no row has yet. Raises UsageError with the known ones for a name or a
    value that is none of them.
    """
    for name in given:
        if name not in spec.parameters:
            raise UsageError(
                f"the pack {spec.name} has no parameter {name!r}",
                hint=f"known: {', '.join(spec.parameters) or 'none'}",
            )
    bound = {}
    for name, own in spec.parameters.items():
        values = (given[name],) if name in given else own
        uses = dict.fromkeys(_uses(spec, name))
        columns = {column for _, column in uses}
        labels = {
            value: label
            for (column, value), label in release.value_labels.items()
            if column in columns
        }
        held = set() if labels and len(values) == 1 else _held(release, uses)
        known = labels or dict.fromkeys(sorted(held), "")
        place = f"--set {name}" if name in given else f"{spec.name}: parameters.{name}"
        for value in values:
            if value not in known and (name in given or labels):
                shown = [f"{one} ({label})" if label else one for one, label in known.items()]
                raise UsageError(
                    f"no {name} is called {value!r}",
                    where=place,
                    hint=f"known: {', '.join(shown) or 'none, the marts are empty'}",
                )
        value = next((one for one in values if one in held), values[0])
        bound[name] = value, labels.get(value) or value
    return bound


def _held(release: ReleaseReader, uses: Iterable[tuple[str, str]]) -> set[str]:
    """What the filtered columns hold in this release."""
    return {
        plain_text(value)
        for mart, column in uses
        for value in release.table(mart).column(column).unique().to_pylist()
        if value is not None
    }


def _uses(spec: PackSpec, name: str) -> Iterator[tuple[str, str]]:
    """Mart and column of each filter that names the parameter."""
    for _, selection in spec.selections:
        for column, wanted in (*selection.filters, *selection.among):
            if any(parameter_of(value) == name for value in wanted):
                yield selection.mart, column
