"""Pools and taxonomies as a desk writes them: read and checked before dbt loads them."""
