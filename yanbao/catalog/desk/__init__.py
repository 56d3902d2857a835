"""Datasets that a desk added: every module of this folder declares its ``DATASETS``."""

import importlib
import pkgutil

from yanbao.catalog.declaration import Dataset

DATASETS: tuple[Dataset, ...] = tuple(
    dataset
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__))
    for dataset in importlib.import_module(f"{__name__}.{module}").DATASETS
)
