"""Multi-head attention as WeNet defines it: the encoder's with relative positions, the decoder's without."""

import math

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """q [B, Tq, D] over memory [B, Tk, D]; mask bool, True = attend, broadcastable to [B, H, Tq, Tk]."""

    def __init__(self, size: int, heads: int, dropout: float = 0.0):
        super().__init__()
        self.heads, self.head_size = heads, size // heads
        self.linear_q = nn.Linear(size, size)
        self.linear_k = nn.Linear(size, size)
        self.linear_v = nn.Linear(size, size)
        self.linear_out = nn.Linear(size, size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, q: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        query, key = self.split(self.linear_q(q)), self.split(self.linear_k(memory))
        return self.attend(torch.matmul(query, key.transpose(-2, -1)), memory, mask)

    def split(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], -1, self.heads, self.head_size).transpose(1, 2)  # [B, H, T, D/H]

    def attend(self, scores: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        # A finite filler: a row without any position to attend to (padding) must not become NaN.
        scores = (scores.float() / math.sqrt(self.head_size)).masked_fill(~mask, -1e30)
        weights = self.dropout(torch.softmax(scores, dim=-1)).to(memory.dtype)
        x = torch.matmul(weights, self.split(self.linear_v(memory)).to(memory.dtype)).transpose(1, 2)
        return self.linear_out(x.reshape(x.shape[0], -1, self.heads * self.head_size))


class RelativeAttention(Attention):
    """Transformer-XL's biases u and v, without its shift: the position term is (q + v)·W_p·pe_j, as in WeNet."""

    def __init__(self, size: int, heads: int, dropout: float = 0.0):
        super().__init__(size, heads, dropout)
        self.linear_pos = nn.Linear(size, size, bias=False)
        self.pos_bias_u = nn.Parameter(torch.empty(heads, self.head_size))
        self.pos_bias_v = nn.Parameter(torch.empty(heads, self.head_size))
        nn.init.xavier_uniform_(self.pos_bias_u)
        nn.init.xavier_uniform_(self.pos_bias_v)

    def forward(self, x: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        query = self.linear_q(x).reshape(x.shape[0], -1, self.heads, self.head_size)
        key, place = self.split(self.linear_k(x)), self.split(self.linear_pos(positions))
        content = torch.matmul((query + self.pos_bias_u).transpose(1, 2), key.transpose(-2, -1))
        position = torch.matmul((query + self.pos_bias_v).transpose(1, 2), place.transpose(-2, -1))
        return self.attend(content + position, x, mask)


def sinusoids(length: int, size: int) -> Tensor:
    """The fixed position encodings [length, size]."""
    position = torch.arange(length, dtype=torch.float32).unsqueeze(1)
    rate = torch.exp(torch.arange(0, size, 2, dtype=torch.float32) * -(math.log(10_000.0) / size))
    table = torch.zeros(length, size)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table
