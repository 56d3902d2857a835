"""What a night costs, measured on generated market data. ``make bench`` runs it."""
