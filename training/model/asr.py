"""The whole model: its losses in training, and the scores that rescoring needs."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ModelConfig
from training.model.ctc import ctc_sum
from training.model.decoder import BidirectionalDecoder, TransformerDecoder
from training.model.encoder import Encoder
from training.model.masks import length_mask
from training.model.targets import decoder_targets, restore_order, reverse_tokens

IGNORE = -1


@dataclass
class Losses:
    """Per token; `accuracy` is the left-to-right decoder's with the right history."""

    total: Tensor
    ctc: Tensor
    attention: Tensor
    accuracy: Tensor
    layers_out: list[Tensor]  # of the encoder, each [B, T', D]
    encoder_lens: Tensor  # [B]


class Ctc(nn.Module):
    def __init__(self, size: int, vocabulary: int):
        super().__init__()
        self.ctc_lo = nn.Linear(size, vocabulary)

    def forward(self, encoder_out: Tensor) -> Tensor:
        return torch.log_softmax(self.ctc_lo(encoder_out).float(), dim=-1)


class AsrModel(nn.Module):
    """U2 (one decoder) or U2++ (two), dense or MoE. State-dict keys are WeNet's."""

    def __init__(self, c: ModelConfig):
        super().__init__()
        self.c = c
        self.sos, self.eos = (id if id >= 0 else c.vocabulary - 1 for id in (c.sos, c.eos))
        self.encoder = Encoder(c.encoder)
        size = c.encoder.size
        self.ctc = Ctc(size, c.vocabulary)
        if c.decoder.right_layers > 0:
            self.decoder: nn.Module = BidirectionalDecoder(c.decoder, size, c.vocabulary)
        else:
            self.decoder = TransformerDecoder(c.decoder, size, c.vocabulary, c.decoder.layers)

    @property
    def left(self) -> TransformerDecoder:
        return self.decoder.left_decoder if self.c.decoder.right_layers > 0 else self.decoder

    @property
    def right(self) -> TransformerDecoder | None:
        return self.decoder.right_decoder if self.c.decoder.right_layers > 0 else None

    def score(
        self, encoder_out: Tensor, encoder_lens: Tensor, hyps: Tensor, hyps_lens: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Log-probs of every token and of eos after them, both [B, N, L] in left-to-right order, 0 at padding.

        hyps [B, N, L] = sos, tokens, eos as padding; hyps_lens [B, N] = tokens + 1. Without a right-to-left decoder the
        second output repeats the first.
        """
        memory_mask = length_mask(encoder_lens, encoder_out.shape[1])[:, None, None, :]
        lens = hyps_lens.to(torch.int64).unsqueeze(-1)  # [B, N, 1]
        inside = torch.arange(hyps.shape[2], device=hyps.device) < lens  # [B, N, L]

        def score(decoder: TransformerDecoder, inputs: Tensor) -> Tensor:
            log_probs = torch.log_softmax(decoder(encoder_out, memory_mask, inputs, hyps_lens).float(), dim=-1)
            targets = decoder_targets(inputs, lens, self.eos)
            return log_probs.gather(-1, targets.unsqueeze(-1)).squeeze(-1).masked_fill(~inside, 0.0)

        left = score(self.left, hyps)
        if self.right is None:
            return left, left
        right = restore_order(score(self.right, reverse_tokens(hyps, lens, self.eos)), lens)
        return left, right.masked_fill(~inside, 0.0)

    def losses(
        self, features: Tensor, lens: Tensor, tokens: Tensor, token_lens: Tensor, chunk: int = 0, left_chunks: int = -1
    ) -> Losses:
        """features [B, T, bins], tokens [B, U] padded with anything, token_lens [B]."""
        layers_out: list[Tensor] = []
        encoder_out, encoder_lens = self.encoder(features, lens, chunk, left_chunks, layers_out)
        return self.losses_of(encoder_out, encoder_lens, tokens, token_lens, layers_out)

    def losses_of(
        self, encoder_out: Tensor, encoder_lens: Tensor, tokens: Tensor, token_lens: Tensor, layers_out: list[Tensor]
    ) -> Losses:
        """Of an encoder's output [B, T', D]."""
        c = self.c
        count = token_lens.sum()
        ctc = ctc_sum(self.ctc(encoder_out), tokens, encoder_lens.long(), token_lens, c.blank)
        batch = tokens.shape[0]
        hyps = torch.full((batch, 1, tokens.shape[1] + 1), self.eos, dtype=torch.int64, device=tokens.device)
        inside = length_mask(token_lens, tokens.shape[1])
        hyps[:, 0, 0] = self.sos
        hyps[:, 0, 1:] = torch.where(inside, tokens, self.eos)
        hyps_lens = (token_lens + 1).unsqueeze(1)
        memory_mask = length_mask(encoder_lens, encoder_out.shape[1])[:, None, None, :]

        def cross_entropy(decoder: TransformerDecoder, inputs: Tensor) -> tuple[Tensor, Tensor]:
            logits = decoder(encoder_out, memory_mask, inputs, hyps_lens).squeeze(1).float()  # [B, U + 1, V]
            targets = decoder_targets(inputs, hyps_lens.unsqueeze(-1), self.eos).squeeze(1)
            targets = targets.masked_fill(~length_mask(token_lens + 1, targets.shape[1]), IGNORE)
            loss = F.cross_entropy(
                logits.flatten(0, 1),
                targets.flatten(),
                ignore_index=IGNORE,
                label_smoothing=c.label_smoothing,
                reduction="sum",
            )
            right = (logits.argmax(-1) == targets).sum() / (count + batch)
            return loss, right

        attention, accuracy = cross_entropy(self.left, hyps)
        if self.right is not None:
            reverse = reverse_tokens(hyps, hyps_lens.unsqueeze(-1), self.eos)
            backward, _ = cross_entropy(self.right, reverse)
            attention = (1 - c.reverse_weight) * attention + c.reverse_weight * backward
        ctc, attention = ctc / count, attention / count
        total = c.ctc_weight * ctc + (1 - c.ctc_weight) * attention
        return Losses(total, ctc.detach(), attention.detach(), accuracy.detach(), layers_out, encoder_lens)
