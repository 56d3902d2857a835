"""What a reader may set in a pack: pool, theme, universe, or any value that a filter names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yanbao.base.errors import UsageError
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.grammar.templating import parameter_of
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.formatting import plain_text


def bind(spec: PackSpec, release: ReleaseReader, given: Mapping[str, str]) -> dict[str, str]:
    """The pack's own values, those of ``given`` before them.

    Of several values that a pack lists, the first serves that a mart holds; without any, the
    first of the list, and the tables report that they have no such row.

    A value must be one that the seeds of the release list for the filtered column or, for a
    column without such a list, one that the mart holds. Raises UsageError with the known
    ones for a name or a value that is none of them.
    """
    for name in given:
        if name not in spec.parameters:
            raise UsageError(
                f"the pack {spec.name} has no parameter {name!r}",
                hint=f"known: {', '.join(spec.parameters) or 'none'}",
            )
    listed = {**spec.parameters, **{name: (value,) for name, value in given.items()}}
    for name, value in ((name, value) for name, values in listed.items() for value in values):
        known = _known(spec, release, name)
        if value not in known and (name in given or any(known.values())):
            shown = [f"{one} ({label})" if label else one for one, label in known.items()]
            raise UsageError(
                f"no {name} is called {value!r}",
                where=f"--set {name}" if name in given else f"{spec.name}: parameters.{name}",
                hint=f"known: {', '.join(shown) or 'none, the marts are empty'}",
            )
    return {name: _first_held(spec, release, name, values) for name, values in listed.items()}


def label_of(spec: PackSpec, release: ReleaseReader, name: str, value: str) -> str:
    """What a parameter's value prints as, by the column that it filters."""
    labels = (release.value_labels.get((column, value)) for _, column in _uses(spec, name))
    return next(filter(None, labels), value)


def _known(spec: PackSpec, release: ReleaseReader, name: str) -> dict[str, str]:
    """Value → label. Without a list of the seeds, what the marts hold, without labels: a
    value that the pack sets by itself may then be one that no row has yet."""
    columns = dict.fromkeys(column for _, column in _uses(spec, name))
    listed = {
        value: label
        for (column, value), label in release.value_labels.items()
        if column in columns
    }
    if listed:
        return listed
    return dict.fromkeys(sorted(_held(spec, release, name)), "")


def _first_held(
    spec: PackSpec, release: ReleaseReader, name: str, values: Sequence[str]
) -> str:
    if len(values) == 1:
        return values[0]
    held = _held(spec, release, name)
    return next((value for value in values if value in held), values[0])


def _held(spec: PackSpec, release: ReleaseReader, name: str) -> set[str]:
    """What the filtered columns hold in this release."""
    return {
        plain_text(value)
        for mart, column in dict.fromkeys(_uses(spec, name))
        for value in release.table(mart).column(column).unique().to_pylist()
        if value is not None
    }


def _uses(spec: PackSpec, name: str) -> Iterator[tuple[str, str]]:
    for _, selection in spec.selections:
        for column, wanted in (*selection.filters, *selection.among):
            if any(parameter_of(value) == name for value in wanted):
                yield selection.mart, column
