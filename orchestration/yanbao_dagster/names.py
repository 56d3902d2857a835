"""What the graph calls its assets, groups and checks, for the modules that share a name."""

from dagster import AssetKey

from yanbao.catalog import Dataset

NIGHTLY = "nightly"  # the job that may end early
OWNER = "team:data-engineering"
RAW_GATE = AssetKey(["gate", "raw"])
RELEASE_GATE = AssetKey(["gate", "release"])
RELEASE = AssetKey(["release", "current"])
# The check of each dataset and of each report mart: what its gate found.
RAW_CHECK = "raw_gate"
MART_CHECK = "release_gate"


def raw_key(dataset: str) -> AssetKey:
    return AssetKey(["raw", dataset])


def raw_group(dataset: Dataset) -> str:
    return f"raw_{dataset.group.replace(' ', '_')}"
