"""The conformer encoder with its CMVN, full-context or in chunks."""

import math

import torch
from torch import Tensor, nn

from training.config import EncoderConfig
from training.model.attention import RelativeAttention, distance_sinusoids, sinusoids
from training.model.convolution import ConvolutionModule
from training.model.feed_forward import make_feed_forward
from training.model.masks import chunk_mask, length_mask
from training.model.subsampling import Subsampling


class GlobalCmvn(nn.Module):
    """(x − mean)·istd with the statistics of the training data."""

    def __init__(self, bins: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(bins))
        self.register_buffer("istd", torch.ones(bins))

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.mean) * self.istd


class EncoderLayer(nn.Module):
    """x [B, T, D], mask bool broadcastable to [B, H, T, T], valid bool [B, T, 1], positions as in attention -> [B, T, D]."""

    def __init__(self, c: EncoderConfig):
        super().__init__()
        feed_forward = (c.size, c.hidden, c.experts, c.top_k, "swish")
        self.self_attn = RelativeAttention(c.size, c.heads, c.attention_dropout, c.shift)
        self.feed_forward = make_feed_forward(*feed_forward)
        self.feed_forward_macaron = make_feed_forward(*feed_forward)
        self.conv_module = ConvolutionModule(c.size, c.kernel, c.causal, c.conv_norm)
        self.norm_ff_macaron = nn.LayerNorm(c.size)
        self.norm_mha = nn.LayerNorm(c.size)
        self.norm_conv = nn.LayerNorm(c.size)
        self.norm_ff = nn.LayerNorm(c.size)
        self.norm_final = nn.LayerNorm(c.size)
        self.dropout = nn.Dropout(c.dropout)

    def forward(self, x: Tensor, mask: Tensor, valid: Tensor, positions: Tensor, chunk: int) -> Tensor:
        x = x + 0.5 * self.dropout(self.feed_forward_macaron(self.norm_ff_macaron(x)))
        x = x + self.dropout(self.self_attn(self.norm_mha(x), mask, positions))
        x = x + self.dropout(self.conv_module(self.norm_conv(x), valid, chunk))
        x = x + 0.5 * self.dropout(self.feed_forward(self.norm_ff(x)))
        return self.norm_final(x)


class Encoder(nn.Module):
    """features [B, T, bins] (raw log-mel), lens [B] -> encoder_out [B, T', D], encoder_lens [B]."""

    def __init__(self, c: EncoderConfig):
        super().__init__()
        self.global_cmvn = GlobalCmvn(c.bins)
        self.embed = Subsampling(c.input_layer, c.bins, c.channels or c.size, c.size, c.pad_bins)
        self.encoders = nn.ModuleList(EncoderLayer(c) for _ in range(c.layers))
        self.after_norm = nn.LayerNorm(c.size)
        self.dropout = nn.Dropout(c.dropout)
        self.shift, self.max_frames = c.shift, c.max_frames
        table = distance_sinusoids if c.shift else sinusoids
        self.register_buffer("positions", table(c.max_frames, c.size), persistent=False)
        self.scale = math.sqrt(c.size)

    def forward(
        self,
        features: Tensor,
        lens: Tensor,
        chunk: int = 0,
        left_chunks: int = -1,
        layers_out: list[Tensor] | None = None,
        embedded_out: list[Tensor] | None = None,
    ) -> tuple[Tensor, Tensor]:
        """`chunk` encoder frames at a time, with so many chunks before them in sight; 0 is full context.

        `layers_out`, if given, gets what each layer puts out, before the last norm; `embedded_out` what the first is given.
        """
        x = self.dropout(self.embedded(features))
        if embedded_out is not None:
            embedded_out.append(x)
        encoder_lens = self.embed.lens(lens)
        time = x.shape[1]
        valid = length_mask(encoder_lens, time)
        mask = valid[:, None, None, :]  # [B, 1, 1, T']
        if chunk > 0:
            mask = mask & chunk_mask(time, chunk, left_chunks, x.device)
        positions = self.positions_for(time)
        for layer in self.encoders:
            x = layer(x, mask, valid.unsqueeze(-1), positions, chunk)
            if layers_out is not None:
                layers_out.append(x)
        return self.after_norm(x), encoder_lens

    def embedded(self, features: Tensor) -> Tensor:
        """[B, T, bins] -> [B, T', D], what the first layer is given."""
        return self.embed(self.global_cmvn(features)) * self.scale

    def positions_for(self, time: int) -> Tensor:
        """[1, T, D], or [1, 2T − 1, D] by distance."""
        first = self.max_frames - time if self.shift else 0
        count = 2 * time - 1 if self.shift else time
        return self.positions[first : first + count].unsqueeze(0)
