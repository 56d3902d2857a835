"""The raw zone: one immutable load per call to a source, and what was decided about it."""
