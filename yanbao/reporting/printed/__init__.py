"""A pack with its numbers filled in, and how its text fits into a page."""
