"""Releases: immutable folders, one atomic pointer, verified by hash."""
