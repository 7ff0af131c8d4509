"""The encoder's attention without the shift by PyTorch's fused kernel, for the anchor of `encoder_speed`; nothing trains by it.

(q + u)·k_j + (q + v)·p_j = q·(k_j + p_j) + u·k_j + v·p_j, as in training/graph/attention.py: the bias per key, padding
among it, is one more dimension of the keys, so that no kernel needs a mask; one of zeros keeps the values as wide.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.model.attention import RelativeAttention
from training.model.encoder import Encoder

MASKED = -1e9


class FusedAttention(nn.Module):
    """As `RelativeAttention` without shift: x [B, T, D], mask bool [B, 1, 1, T], positions [1, T, D] -> [B, T, D]."""

    def __init__(self, attention: RelativeAttention):
        super().__init__()
        if attention.shift:
            raise ValueError("positions by distance are no sum of a key's and a query's part")
        self.attention = attention

    def forward(self, x: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        a = self.attention
        query, key, value = (a.split(linear(x)) for linear in (a.linear_q, a.linear_k, a.linear_v))
        place = a.split(a.linear_pos(positions))
        u, v = (bias.to(key.dtype).unsqueeze(-1) for bias in (a.pos_bias_u, a.pos_bias_v))
        bias = key @ u + place @ v  # [B, H, T, 1]
        bias = bias.masked_fill(~mask.transpose(-2, -1), MASKED)
        key = torch.cat([key + place, bias], -1)
        query, value = F.pad(query, (0, 1), value=1.0), F.pad(value, (0, 1))
        y = F.scaled_dot_product_attention(query, key, value, scale=a.head_size**-0.5)[..., :-1]
        return a.linear_out(y.transpose(1, 2).reshape(x.shape))


def fuse_attention(encoder: Encoder) -> Encoder:
    for layer in encoder.encoders:
        layer.self_attn = FusedAttention(layer.self_attn)
    return encoder
