"""What a pack says: its YAML, read into declarations and checked."""
