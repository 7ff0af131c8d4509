"""The recipe of the bundled model: a small U2++ conformer whose feed-forward layers are Mixtures of Experts."""
