"""Weights stored as 8-bit integers with a scale a row, behind a Cast and a Mul: a quarter of the file, computed once when a
graph is loaded; all arithmetic stays in floats."""

from itertools import combinations

import numpy as np
import torch
from torch import Tensor, nn

from training.graph.half import SMALL

MOST = 127
EXPERTS = (".w1", ".w2")
ROUTER = "gate.weight"  # a rounding could choose another expert
CLOSE = {np.dtype(np.float32): 0.01, np.dtype(np.float16): 0.2}  # of a step, from whole numbers of steps
FEWEST = 16  # numbers to a scale


def to_row_bytes(model: nn.Module) -> None:
    """Rounds the matrices and kernels of a model, in place, to what `as_row_bytes` stores. A row is an output's weights."""
    for name, p in model.named_parameters():
        if in_row_bytes(name, p):
            p.data = rounded(p.data, rows_of(name, p))


def in_row_bytes(name: str, p: Tensor) -> bool:
    if p.dim() < 2 or p.numel() < SMALL or name.endswith(ROUTER) or not name.endswith((".weight", *EXPERTS)):
        return False
    return p.shape[rows_of(name, p)[0] :].numel() >= FEWEST


def rows_of(name: str, p: Tensor) -> tuple[int, ...]:
    """The axes that a scale holds for."""
    return (2,) if name.endswith(EXPERTS) else tuple(range(1, p.dim()))


def rounded(x: Tensor, over: tuple[int, ...]) -> Tensor:
    scale = x.abs().amax(over, keepdim=True) / MOST
    return torch.where(scale > 0, torch.round(x / scale), 0.0) * scale


def as_row_bytes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Integers and scales of which the product is `values`, or None where it cannot be. Along which axes a scale runs is found
    out, since a graph has matrices that are transposed, stacked or cut."""
    if values.dtype not in CLOSE or values.size < SMALL or values.ndim < 2:
        return None
    numbers = values.astype(np.float32)
    for kept in (*combinations(range(values.ndim), 1), *combinations(range(values.ndim), 2)):
        over = tuple(axis for axis in range(values.ndim) if axis not in kept)
        if not over or np.prod([values.shape[axis] for axis in over]) < FEWEST:
            continue
        scale = np.abs(numbers).max(over, keepdims=True) / MOST
        steps = np.divide(numbers, scale, out=np.zeros_like(numbers), where=scale > 0)
        whole = np.rint(steps)
        if np.abs(steps - whole).max() < CLOSE[values.dtype]:
            return whole.astype(np.int8), scale.astype(values.dtype)
    return None
