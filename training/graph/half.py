"""Weights stored as 16-bit floats behind Cast nodes: half the file, while the arithmetic stays in 32 bits."""

import numpy as np

EXACT = "/exact"  # ends the names of weights that keep their 32 bits
SMALL = 256  # elements; biases and norms stay exact


def as_half(name: str, values: np.ndarray) -> np.ndarray | None:
    """None where it is not worth it; raises ValueError on a value that 16 bits do not hold."""
    if values.dtype != np.float32 or values.size < SMALL or name.endswith(EXACT):
        return None
    if np.abs(values).max() > np.finfo(np.float16).max:
        raise ValueError(f"{name} does not fit into 16-bit floats")
    return values.astype(np.float16)
