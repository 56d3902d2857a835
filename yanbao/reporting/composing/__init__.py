"""From a release and a declaration to a pack with its numbers filled in."""
