"""The encoder: depthwise convolutions give order and neighbourhood, attention in some blocks the rest of the window.

A block is x + FFN(norm(conv(norm(x)))), as ConvNeXt's (Liu et al., 2022), with squared ReLU (So et al., 2021). Beside the
pieces stands a table of pairs of neighbours by their hash: knowledge that costs no arithmetic.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.punctuation.config import NetConfig

CASES, MARKS = 4, 8
PAIR_FACTOR = 7919  # of the hash: (previous · factor + piece) mod rows
PAUSE_HIDDEN = 48
SHORT = 8.0  # a second look at silences below 0.25 s
MASKED = -1e9


class Punctuator(nn.Module):
    def __init__(self, c: NetConfig, vocabulary: int):
        super().__init__()
        self.c = c
        self.piece_embedding = nn.Embedding(vocabulary, c.piece_size or c.size)
        if c.piece_size:
            self.piece_projection = nn.Linear(c.piece_size, c.size, bias=False)
        if c.pair_rows:
            self.pair_embedding = nn.Embedding(c.pair_rows, c.pair_size)
            self.pair_projection = nn.Linear(c.pair_size, c.size, bias=False)
        self.pause_embedding = nn.Linear(6, PAUSE_HIDDEN)
        self.pause_projection = nn.Linear(PAUSE_HIDDEN, c.size, bias=False)
        self.blocks = nn.ModuleList(Block(c, n + 1 in c.attention) for n in range(c.blocks))
        self.norm = nn.LayerNorm(c.size)
        self.case_head = nn.Linear(c.size, CASES)
        self.mark_head = nn.Linear(c.size, MARKS)
        nn.init.normal_(self.piece_embedding.weight, std=0.3)
        if c.pair_rows:  # pairs that are seen first in use must not be noise
            nn.init.normal_(self.pair_embedding.weight, std=0.05)

    def forward(self, pieces: Tensor, lens: Tensor, pauses: Tensor) -> tuple[Tensor, Tensor]:
        """pieces [B, L], lens [B], pauses [B, L, 2] -> log-probabilities of case [B, L, 4] and mark [B, L, 8]."""
        inside = torch.arange(pieces.shape[1], device=pieces.device) < lens[:, None]
        x = self.piece_embedding(pieces)
        x = self.piece_projection(x) if self.c.piece_size else x
        if self.c.pair_rows:
            before = F.pad(pieces[:, :-1], (1, 0))
            pairs = self.pair_embedding((before * PAIR_FACTOR + pieces) % self.c.pair_rows)
            x = x + self.pair_projection(pairs)
        x = x + self.pause_projection(F.relu(self.pause_embedding(pause_features(pauses))))
        present = inside.unsqueeze(2).to(x.dtype)
        hidden = ((1 - present) * MASKED)[:, None, None, :, 0]
        for block in self.blocks:
            x = block(x, present, hidden)
        x = self.norm(x)
        return tuple(head(x).float().log_softmax(2) for head in (self.case_head, self.mark_head))


def pause_features(pauses: Tensor) -> Tensor:
    """[B, L, 2] -> [B, L, 6]: known, how long, how long when short; before and after."""
    length = pauses.clamp(min=0)
    return torch.cat([(pauses >= 0).to(pauses.dtype), length, (length * SHORT).clamp(max=1)], 2)


class Block(nn.Module):
    def __init__(self, c: NetConfig, attention: bool):
        super().__init__()
        self.attention = Attention(c) if attention else None
        self.norm = nn.LayerNorm(c.size)
        self.depthwise_conv = nn.Conv1d(c.size, c.size, c.kernel, padding=c.kernel // 2, groups=c.size)
        self.inner_norm = nn.LayerNorm(c.size)
        self.up = nn.Linear(c.size, c.hidden)
        self.down = nn.Linear(c.hidden, c.size)

    def forward(self, x: Tensor, present: Tensor, hidden: Tensor) -> Tensor:
        """present [B, L, 1]: 1 inside; hidden [B, 1, 1, L]: added to attention's scores."""
        if self.attention is not None:
            x = x + self.attention(x, hidden)
        y = (self.norm(x) * present).transpose(1, 2)
        y = self.inner_norm(self.depthwise_conv(y).transpose(1, 2))
        return x + self.down(F.relu(self.up(y)).square())


class Attention(nn.Module):
    def __init__(self, c: NetConfig):
        super().__init__()
        self.heads = c.heads
        self.norm = nn.LayerNorm(c.size)
        self.query, self.key, self.value = (nn.Linear(c.size, c.size, bias=False) for _ in range(3))
        self.out = nn.Linear(c.size, c.size, bias=False)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        b, length, size = x.shape
        y = self.norm(x)
        q, k, v = (f(y).view(b, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = (q * (1 / math.sqrt(size // self.heads))) @ k.transpose(2, 3) + hidden.to(q.dtype)
        y = scores.softmax(-1) @ v
        return self.out(y.transpose(1, 2).reshape(b, length, size))
