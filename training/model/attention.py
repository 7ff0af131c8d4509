"""Multi-head attention as WeNet defines it: the encoder's with relative positions, the decoder's without."""

import math

import torch
import torch.nn.functional as F
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
    """Transformer-XL's biases u and v (arXiv 1901.02860, 3.3).

    Without `shift` the position term is (q_i + v)·W_p·pe_j, as in WeNet, and `positions` [1, T, D] has a row per frame.
    With it the term is (q_i + v)·W_p·pe_(i−j), as in ESPnet and NeMo, and `positions` [1, 2T − 1, D] has a row per
    distance, from T − 1 down to 1 − T.
    """

    def __init__(self, size: int, heads: int, dropout: float = 0.0, shift: bool = False):
        super().__init__(size, heads, dropout)
        self.shift = shift
        self.linear_pos = nn.Linear(size, size, bias=False)
        self.pos_bias_u = nn.Parameter(torch.empty(heads, self.head_size))
        self.pos_bias_v = nn.Parameter(torch.empty(heads, self.head_size))
        nn.init.xavier_uniform_(self.pos_bias_u)
        nn.init.xavier_uniform_(self.pos_bias_v)

    def forward(self, x: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        query = self.linear_q(x).reshape(x.shape[0], -1, self.heads, self.head_size)
        key, place = self.split(self.linear_k(x)), self.split(self.linear_pos(positions))
        content = torch.matmul((query + self.pos_bias_u).transpose(1, 2), key.transpose(-2, -1))
        if self.shift:
            place = F.pad(place, (0, 0, 1, 0))
        position = torch.matmul((query + self.pos_bias_v).transpose(1, 2), place.transpose(-2, -1))
        if self.shift:
            position = by_distance(position)
        return self.attend(content + position, x, mask)


def by_distance(scores: Tensor) -> Tensor:
    """[B, H, T, 2T], of each frame i and, after a column of anything, distance T − 1 … 1 − T -> [B, H, T, T], of each i and
    j = i − distance.

    Row i is wanted from column T − i on. Rows of 2T numbers read as rows of 2T − 1 (the first T numbers left out) begin one
    place earlier each, which is just that.
    """
    batch, heads, time, columns = scores.shape
    return scores.reshape(batch, heads, -1)[:, :, time:].reshape(batch, heads, time, columns - 1)[..., :time]


def sinusoids(length: int, size: int) -> Tensor:
    """The fixed position encodings [length, size]."""
    return encode_positions(torch.arange(length, dtype=torch.float32), size)


def distance_sinusoids(length: int, size: int) -> Tensor:
    """Encodings of the distances length − 1 … 1 − length: [2·length − 1, size]. Those of fewer frames lie in its middle."""
    return encode_positions(torch.arange(length - 1, -length, -1, dtype=torch.float32), size)


def encode_positions(position: Tensor, size: int) -> Tensor:
    position = position.unsqueeze(1)
    rate = torch.exp(torch.arange(0, size, 2, dtype=torch.float32) * -(math.log(10_000.0) / size))
    table = torch.zeros(len(position), size)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table
