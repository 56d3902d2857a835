"""The files of the embedded sample, and the generator that knows its closed forms."""

from __future__ import annotations

import csv
import importlib.util
from functools import cache
from types import ModuleType

from yanbao.base.settings import PROJECT_ROOT

SAMPLE = PROJECT_ROOT / "sample_data"


def _load(name: str) -> ModuleType:
    """A module of the sample by its path: the folder is not a package."""
    spec = importlib.util.spec_from_file_location(name, SAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


market = _load("make_made_up_market")
calendars, reference = _load("made_up_calendars"), _load("made_up_reference")
prices, funds, statements = market.prices, market.funds_form, market.statements_form
valuation = market.valuation_form


@cache
def rows(folder: str, dataset: str) -> tuple[dict[str, str], ...]:
    with (SAMPLE / folder / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
