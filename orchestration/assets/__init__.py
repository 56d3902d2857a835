"""Dagster assets: they assemble the steps of ``orchestration.night`` and compute nothing."""
