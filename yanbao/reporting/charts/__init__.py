"""Charts as drawings; what they share with the native charts of office files."""
