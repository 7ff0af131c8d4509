"""The attention decoder: left to right, and in U2++ right to left too."""

import math

from torch import Tensor, nn

from training.config import DecoderConfig
from training.model.attention import Attention, sinusoids
from training.model.feed_forward import make_feed_forward
from training.model.masks import causal_mask, length_mask

MAX_TOKENS = 1024


class DecoderLayer(nn.Module):
    def __init__(self, c: DecoderConfig, size: int):
        super().__init__()
        self.self_attn = Attention(size, c.heads, c.attention_dropout)
        self.src_attn = Attention(size, c.heads, c.attention_dropout)
        self.feed_forward = make_feed_forward(size, c.hidden, c.experts, c.top_k, c.activation)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(size), nn.LayerNorm(size), nn.LayerNorm(size)
        self.dropout = nn.Dropout(c.dropout)

    def forward(self, x: Tensor, mask: Tensor, memory: Tensor, memory_mask: Tensor) -> Tensor:
        """x [B·N, L, D] over memory [B, T', D]: the N hypotheses of an utterance share its memory."""
        h = self.norm1(x)
        x = x + self.dropout(self.self_attn(h, h, mask))
        # One cross-attention per utterance over N·L queries, instead of N copies of the memory.
        h = self.norm2(x).reshape(memory.shape[0], -1, x.shape[-1])
        x = x + self.dropout(self.src_attn(h, memory, memory_mask).reshape(x.shape))
        return x + self.dropout(self.feed_forward(self.norm3(x)))


class TransformerDecoder(nn.Module):
    """memory [B, T', D], tokens [B, N, L] (sos first), lens [B, N] -> logits [B, N, L, V]."""

    def __init__(self, c: DecoderConfig, size: int, vocabulary: int, layers: int):
        super().__init__()
        self.embed = nn.Sequential(nn.Embedding(vocabulary, size))
        self.decoders = nn.ModuleList(DecoderLayer(c, size) for _ in range(layers))
        self.after_norm = nn.LayerNorm(size)
        self.output_layer = nn.Linear(size, vocabulary)
        self.dropout = nn.Dropout(c.dropout)
        self.register_buffer("positions", sinusoids(MAX_TOKENS, size), persistent=False)
        self.scale = math.sqrt(size)

    def forward(self, memory: Tensor, memory_mask: Tensor, tokens: Tensor, lens: Tensor) -> Tensor:
        batch, count, length = tokens.shape
        x = self.embed(tokens.reshape(-1, length)) * self.scale + self.positions[:length]
        x = self.dropout(x)
        valid = length_mask(lens.reshape(-1), length)
        mask = (causal_mask(length, x.device).unsqueeze(0) & valid.unsqueeze(1)).unsqueeze(1)
        for layer in self.decoders:
            x = layer(x, mask, memory, memory_mask)
        return self.output_layer(self.after_norm(x)).reshape(batch, count, length, -1)


class BidirectionalDecoder(nn.Module):
    def __init__(self, c: DecoderConfig, size: int, vocabulary: int):
        super().__init__()
        self.left_decoder = TransformerDecoder(c, size, vocabulary, c.layers)
        self.right_decoder = TransformerDecoder(c, size, vocabulary, c.right_layers)
