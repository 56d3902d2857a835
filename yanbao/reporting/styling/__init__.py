"""How packs look: house style, number styles, words, colours and fonts."""
