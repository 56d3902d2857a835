"""HTML, PDF, pictures and CSV."""
