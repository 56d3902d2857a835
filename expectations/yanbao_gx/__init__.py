"""Gates: Great Expectations at the door (raw) and before publication (release)."""
