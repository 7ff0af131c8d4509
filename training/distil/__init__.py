"""A student of a public recogniser: layer by layer first, then joined, then with units of its own."""
