"""The report marts: each mart's key and the words of its columns, from the YAML beside its SQL.

``models/marts/report/NAME.yml`` is the only home of both. dbt's contract and tests, the metric
dictionary and the comments of a release, row keys of packs and of the release gate are derived.
Words that several marts share stand in ``common_columns.yml``: a mart's column takes those of
its own name, or of the name in ``like``, and says only what differs. ``FIRST_COLUMNS`` stand
first in every mart, unsaid.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import (
    SomeTexts,
    Text,
    Texts,
    YamlModel,
    as_list,
    check,
    read_project_yaml,
    wrong,
)

REPORT = PROJECT_ROOT / "models" / "marts" / "report"
CONTRACTS = REPORT / "_contracts.yml"  # generated; dbt reads it instead
COMMON = "common_columns.yml"
FIRST_COLUMNS = ("as_of_date", "known_at")

Display = Literal[
    "text",
    "date",
    "flag",
    "integer",
    "number",
    "percent",
    "times",
    "points",
    "money_yi",
    "count_million",
    "duration",
]
# What a way of printing says of the column, where the YAML does not: type, unit, decimals.
DEFAULTS: dict[Display, tuple[str, str, int]] = {
    "text": ("varchar", "", 0),
    "date": ("date", "", 0),
    "flag": ("boolean", "", 0),
    "integer": ("integer", "", 0),
    "number": ("double", "", 2),
    "percent": ("double", "fraction", 2),
    "times": ("double", "times", 2),
    "points": ("double", "points", 2),
    "money_yi": ("double", "CNY", 2),
    "count_million": ("double", "", 1),
    "duration": ("double", "seconds", 0),
}

Tests = Annotated[tuple[dict[str, Any], ...], BeforeValidator(as_list)]


class MartError(YanbaoError):
    """The YAML of a report mart lacks something, or says what nobody reads."""


class Bounded(YamlModel):
    """What lies outside the bounds is not plausible: ``above`` and ``below`` exclude their
    number, ``at_least`` and ``at_most`` include it.
    """

    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def excluded(self) -> tuple[float | None, float | None]:
        return self.above, self.below

    @property
    def included(self) -> tuple[float | None, float | None]:
        return self.at_least, self.at_most

    @model_validator(mode="after")
    def _has_one_kind_of_bounds(self) -> Self:
        if {*self.excluded} != {None} and {*self.included} != {None}:
            raise wrong("two kinds of bounds", "above with below, or at_least with at_most")
        return self


class MartRule(Bounded):
    """What the release gate asks of every row: that ``sql`` holds, as ``says`` says in words,
    or that it lies within bounds. It may read the other rows of its mart.
    """

    sql: Text
    says: str = ""


class MartColumn(Bounded):
    """One column of a report mart, its words complete.

    ``definition_zh`` stands where packs print the definition, ``missing_zh`` says why a number
    can be missing. ``version`` rises when the definition changes, not when its words do.
    """

    label_zh: Text
    definition: Text
    label_en: Text
    display: Display
    type: Text
    unit: str
    decimals: int
    definition_zh: str = ""
    missing_zh: str = ""
    version: int = 1
    required: bool = False
    tests: Tests = ()

    @property
    def description(self) -> str:
        """Label, definition and unit in one line, for comments and dbt's pages."""
        unit = f" Unit: {self.unit}." if self.unit else ""
        return f"{self.label_zh}：{self.definition}{unit}"


class Mart(YamlModel):
    """A report mart. ``key`` names one row; ``names`` do so too, in words that people read."""

    description: str = Field(pattern="^One row per ")
    key: SomeTexts
    names: Texts = ()
    tests: Tests = ()
    rules: dict[Text, MartRule] = Field(default_factory=dict)
    columns: dict[Text, MartColumn]

    @property
    def row_names(self) -> tuple[str, ...]:
        return self.names or self.key


# What a column declares for dbt and for the release gate.
NO_WORDS = {"type", "required", "tests", *Bounded.model_fields}


@cache
def report_marts(folder: Path = REPORT) -> dict[str, Mart]:
    """Every report mart by name; raises MartError for the first that is not complete."""
    common = read_project_yaml(folder / COMMON, MartError)
    names = sorted(path.stem for path in folder.glob("*.sql"))
    return {name: _mart(folder / f"{name}.yml", common) for name in names}


@cache
def common_columns(folder: Path = REPORT) -> dict[str, MartColumn]:
    """The columns of ``common_columns.yml``, complete."""
    return {
        name: check(
            MartColumn, _complete(name, own, {}, COMMON), f"{COMMON}: {name}", MartError
        )
        for name, own in read_project_yaml(folder / COMMON, MartError).items()
    }


def metric_rows(marts: dict[str, Mart]) -> list[dict[str, Any]]:
    """The metric dictionary: one record per column of each mart."""
    return [
        {
            "mart": mart,
            "column_name": name,
            **column.model_dump(exclude=NO_WORDS),
        }
        for mart, spec in marts.items()
        for name, column in spec.columns.items()
    ]


def _mart(path: Path, common: dict[str, Any]) -> Mart:
    if not path.is_file():
        raise MartError(
            f"the mart {path.stem} has no words and no key",
            where=path.name,
            hint="add the file: description, key, columns (docs/add_a_mart.md)",
        )
    content = read_project_yaml(path, MartError)
    if isinstance(content, dict) and isinstance(content.get("columns"), dict):
        content["columns"] = {
            name: _complete(name, words or {}, common, f"{path.name}: columns.{name}")
            for name, words in (dict.fromkeys(FIRST_COLUMNS) | content["columns"]).items()
        }
    mart = check(Mart, content, path.name, MartError)
    for name in (*mart.key, *mart.names):
        if name not in mart.columns:
            raise MartError.unknown_name("column", name, mart.columns, f"{path.name}: key")
    return mart


def _complete(name: str, own: Any, common: dict[str, Any], where: str) -> Any:
    """The words of a column with the shared ones and the defaults of its display."""
    if not isinstance(own, dict):
        return own
    if "like" in own and own["like"] not in common:
        raise MartError.unknown_name("shared column", own["like"], common, where)
    words = {"display": "text", **common.get(own.get("like", name), {}), **own}
    words.pop("like", None)
    kind, unit, decimals = DEFAULTS.get(words["display"], DEFAULTS["text"])
    label = name.replace("_", " ").capitalize()
    return {"type": kind, "unit": unit, "decimals": decimals, "label_en": label, **words}
