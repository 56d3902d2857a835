"""What a report pack is: sections of tables, charts and sentences, each bound to a mart.

A pack chooses and orders; it holds no number, no header and no date of its own. Each class
is a mapping of the YAML; ``yanbao.reporting.grammar.pack_loader`` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo

from yanbao.base.yaml_file import Internal, SomeTexts, Text, YamlModel, as_list, unknown
from yanbao.reporting.grammar.fact_spec import FactSpec, Name
from yanbao.reporting.grammar.item_spec import Items, ItemSpec, SentenceSpec
from yanbao.reporting.grammar.row_spec import UNBOUND, Selection, Values


class SectionSpec(YamlModel):
    """``file`` is the shared section's, empty for one of the pack's own."""

    title: Text
    items: Annotated[Items, Field(min_length=1)]
    file: Internal[str] = ""


class UsedSection(YamlModel):
    """A section that several packs use, by the name of its file."""

    use: Text
    title: Text = ""


def _section(value: Any, info: ValidationInfo) -> Any:
    """A shared section in the place of the mapping that uses it."""
    if not isinstance(value, dict) or "use" not in value:
        return value
    for key in value:
        if key not in UsedSection.known_keys():
            raise unknown("key", key, UsedSection.known_keys())
    shared: SectionSpec = (info.context or {})["shared"](value["use"])
    return shared.model_copy(update={"title": str(value.get("title") or shared.title)})


Section = Annotated[
    SectionSpec, BeforeValidator(_section, json_schema_input_type=SectionSpec | UsedSection)
]
Sections = Annotated[tuple[Section, ...], BeforeValidator(as_list)]


class PackSpec(YamlModel):
    """``keys`` gives, for each mart used, the columns that name one row of it.

    ``parameters`` are what a reader may set (pool, theme, universe), with the pack's own
    values; a filter names one as ``'{pool}'``, and a template prints its label. Of several
    values the first that the release has rows for serves, under its own name.
    ``about`` is one line for lists of packs.
    """

    title: Text
    about: Text = ""
    subtitle: Text = ""
    keys: dict[Text, SomeTexts] = Field(default={})
    parameters: dict[Name, SomeTexts] = Field(default={})
    sections: Annotated[Sections, Field(min_length=1)]
    name: Internal[str] = ""

    @property
    def items(self) -> Iterator[ItemSpec]:
        for section in self.sections:
            yield from section.items

    @property
    def places(self) -> Iterator[ItemSpec | FactSpec]:
        """Each item and fact."""
        for item in self.items:
            yield item
            yield from item.facts.values()

    @property
    def selections(self) -> Iterator[tuple[str, Selection]]:
        """Each selection of the pack with the place where it is declared."""
        for one in self.places:
            if not isinstance(one, SentenceSpec):
                yield one.path, one.selection

    def placed(self, values: Values = UNBOUND) -> Self:
        """The pack whose items know their places and rows; ``values`` are those of its
        parameters, where they are known."""
        return self.changed(lambda place, item: item.at(place, values))

    def changed(self, change: Callable[[str, ItemSpec], ItemSpec]) -> Self:
        """The pack with every item changed, which is given with its place."""
        sections = []
        for number, section in enumerate(self.sections):
            place = f"sections[{number}]" + (f" ({section.file})" if section.file else "")
            items = tuple(
                change(f"{place}.items[{at}]", item) for at, item in enumerate(section.items)
            )
            sections.append(section.model_copy(update={"items": items}))
        return self.model_copy(update={"sections": tuple(sections)})
