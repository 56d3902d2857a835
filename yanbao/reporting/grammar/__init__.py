"""What a pack may contain: models of its YAML, and the checks across them."""
