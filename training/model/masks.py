"""Masks of padding and of chunks. True marks what may be used."""

import torch
from torch import Tensor


def length_mask(lens: Tensor, size: int) -> Tensor:
    """[B] -> bool [B, size]."""
    return torch.arange(size, device=lens.device).unsqueeze(0) < lens.unsqueeze(1)


def chunk_mask(size: int, chunk: int, left_chunks: int, device: torch.device) -> Tensor:
    """Frame i sees its own chunk and `left_chunks` chunks before it (all of them when negative): bool [size, size]."""
    number = torch.div(torch.arange(size, device=device), chunk, rounding_mode="floor")
    seen = number.unsqueeze(0) <= number.unsqueeze(1)
    if left_chunks >= 0:
        seen = seen & (number.unsqueeze(0) >= number.unsqueeze(1) - left_chunks)
    return seen


def causal_mask(size: int, device: torch.device) -> Tensor:
    """bool [size, size]."""
    position = torch.arange(size, device=device)
    return position.unsqueeze(0) <= position.unsqueeze(1)
