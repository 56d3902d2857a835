"""How a desk prints: its house file, number styles, words, colours and fonts."""
