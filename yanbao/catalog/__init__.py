"""Every dataset of the warehouse, declared once.

A firm's own datasets are modules called ``own_<name>`` of this folder.
"""

import importlib
import pkgutil

from yanbao.catalog import (
    alternative,
    fundamentals,
    market,
    models,
    rates_and_funds,
    reference,
)
from yanbao.catalog.daily_bars import DAILY_BARS
from yanbao.catalog.declaration import Column, Dataset

_OWN = tuple(
    importlib.import_module(f"{__name__}.{name}")
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name.startswith("own_")
)

DATASETS: tuple[Dataset, ...] = (
    *reference.DATASETS,
    *market.DATASETS,
    *rates_and_funds.DATASETS,
    *fundamentals.DATASETS,
    *alternative.DATASETS,
    *models.DATASETS,
    *(dataset for module in _OWN for dataset in module.DATASETS),
)

BY_NAME: dict[str, Dataset] = {dataset.name: dataset for dataset in DATASETS}

# Core tables that several datasets fill; they are no import formats.
MERGED: tuple[Dataset, ...] = (DAILY_BARS,)

__all__ = ["BY_NAME", "DATASETS", "MERGED", "Column", "Dataset"]
