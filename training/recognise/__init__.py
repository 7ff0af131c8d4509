"""Audio to text in Python, as the engine does it: search, rescoring, and two ways to run a model."""
