"""What a decoder has to predict, forwards and backwards. Every op here also traces to ONNX with dynamic shapes."""

import torch
from torch import Tensor


def decoder_targets(inputs: Tensor, lens: Tensor, eos: int) -> Tensor:
    """[sos, a, b, eos…] -> [a, b, eos, eos…]: inputs [B, N, L], lens [B, N, 1] with sos counted."""
    position = torch.arange(inputs.shape[2], device=inputs.device)
    following = torch.cat([inputs[:, :, 1:], inputs[:, :, :1]], dim=2)
    return torch.where(position < lens - 1, following, torch.full_like(inputs, eos))


def reverse_tokens(inputs: Tensor, lens: Tensor, eos: int) -> Tensor:
    """[sos, a, b, c, eos…] -> [sos, c, b, a, eos…]."""
    position = torch.arange(inputs.shape[2], device=inputs.device)
    inside = position < lens
    source = torch.where(inside & (position > 0), lens - position, torch.zeros_like(lens + position))
    return torch.where(inside, inputs.gather(2, source), torch.full_like(inputs, eos))


def restore_order(scores: Tensor, lens: Tensor) -> Tensor:
    """Scores of [c, b, a, eos] -> of [a, b, c, eos]: the token at j was scored at step n − 1 − j, eos stays last."""
    position = torch.arange(scores.shape[2], device=scores.device)
    source = torch.where(position < lens - 1, lens - 2 - position, position + torch.zeros_like(lens))
    return scores.gather(2, source)
