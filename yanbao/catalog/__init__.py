"""Every dataset of the warehouse, declared once."""

from yanbao.catalog import alternative, desk, fundamentals, market, reference
from yanbao.catalog.declaration import Column, Dataset

DATASETS: tuple[Dataset, ...] = (
    *reference.DATASETS,
    *market.DATASETS,
    *fundamentals.DATASETS,
    *alternative.DATASETS,
    *desk.DATASETS,
)

BY_NAME: dict[str, Dataset] = {dataset.name: dataset for dataset in DATASETS}

__all__ = ["BY_NAME", "DATASETS", "Column", "Dataset"]
