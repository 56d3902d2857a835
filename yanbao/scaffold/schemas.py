"""JSON schemas of the YAML that users write, for editors: made from the models."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from yanbao.base.settings import PROJECT_ROOT
from yanbao.inbox.mapping import Mapping
from yanbao.releases.redistribution import TermsFile
from yanbao.reporting.grammar.pack_spec import PackSpec, SectionSpec
from yanbao.reporting.nightly_pack import RunSettings
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.scaffold.generated import json_file

FOLDER = PROJECT_ROOT / "reports" / "schema"
MODELS: dict[str, type[BaseModel]] = {
    "pack": PackSpec,
    "section": SectionSpec,
    "house": HouseStyle,
    "mapping": Mapping,
    "terms": TermsFile,
    "settings": RunSettings,
}


def schema_files() -> dict[Path, str]:
    """Text by path."""
    return {
        FOLDER / f"{name}.schema.json": json_file(model.__module__, model.model_json_schema())
        for name, model in MODELS.items()
    }
