"""Punctuation and capitals for recognised words: a small encoder over word pieces, from texts to a pack."""
