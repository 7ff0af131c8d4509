"""Random weights that behave like trained ones where the cost depends on them: routing, blanks, hypotheses.

Directions of the hidden vectors in which speech varies are found by PCA on a few seconds of speech, scaled to unit
variance (whitened) and mixed at random. A router or a CTC head over them gives independent normal logits, so experts
share the tokens and frames spell different tokens, as no plain random matrix does: the frames of a random
network all look alike.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from training.model import AsrModel
from training.model.feed_forward import MoeFeedForward
from training.model.frontend import SAMPLE_RATE, frontend_of, samples_for
from training.recognise.decoding import prefix_beam
from training.units.text import edit_distance

PIECE_SECONDS = 8.0
BLANKS = 0.8  # share of the frames
TOKEN_SCALE = 8.0  # of a logit: above √(2 ln V) few tokens share a frame, as in a trained model
BLANK_SCALE = 12.0
BLANK_DIRECTIONS = slice(2, 12)  # the first ones follow the level and change too slowly, the last ones too fast
TOKEN_DIRECTIONS = slice(4, 64)
ROUTER_DIRECTIONS = 32
HYPOTHESES, TOKENS = 10, 32  # of the random text that the decoders' routers are calibrated on


@torch.no_grad()
def calibrate(model: AsrModel, waveform: np.ndarray) -> dict:
    """Sets CMVN, routers and CTC head of `model`. Returns what came out, for people. waveform: float32 [N], 16 kHz."""
    features, lens = features_of(waveform, model)
    flat = features.flatten(0, 1)
    model.encoder.global_cmvn.mean.copy_(flat.mean(0))
    model.encoder.global_cmvn.istd.copy_(1 / flat.std(0).clamp(min=1e-3))
    with _calibrated_routers(model):
        encoder_out, encoder_lens = model.encoder(features, lens)
        frames = encoder_out.shape[0] * encoder_out.shape[1]
        _set_ctc_head(model, encoder_out.flatten(0, 1))
        hyps = torch.randint(1, model.eos, (len(features), HYPOTHESES, TOKENS + 1))
        hyps[:, :, 0] = model.sos
        model.score(encoder_out, encoder_lens, hyps, torch.full(hyps.shape[:2], TOKENS + 1))
    return {"seconds": round(frames * _frame_seconds(model), 1), **behaviour(model, waveform)}


@torch.no_grad()
def behaviour(model: AsrModel, waveform: np.ndarray) -> dict:
    """How a model searches and routes on a recording."""
    layers = [m for m in model.encoder.modules() if isinstance(m, MoeFeedForward)]
    for layer in layers:
        layer.usage = torch.zeros(layer.experts)
    features, lens = features_of(waveform, model)
    log_probs = model.ctc(model.encoder(features, lens)[0])
    best, tokens = (x.numpy() for x in log_probs.topk(min(10, log_probs.shape[-1]), dim=-1))
    blank = tokens[..., 0] == model.c.blank
    nbests = [[h.tokens for h in prefix_beam(p, ids, blank=model.c.blank)] for p, ids in zip(best, tokens)]
    changes = [edit_distance(nbest[0], other) for nbest in nbests for other in nbest[1:]]
    seconds = blank.size * _frame_seconds(model)
    found = {
        "blank_frames": round(float(blank.mean()), 3),
        "sure_blank_frames": round(float((blank & (best[..., 0] > math.log(0.99))).mean()), 3),
        "tokens_per_second": round(sum(len(nbest[0]) for nbest in nbests) / seconds, 2),
        "edits_between_best_and_others": round(float(np.mean(changes)), 2) if changes else 0.0,
    }
    if layers:
        shares = torch.stack([layer.usage / layer.usage.sum() for layer in layers])  # [layers, E]
        effective = torch.exp(torch.special.entr(shares).sum(1))
        found["expert_share"] = [round(float(v), 3) for v in (shares.min(), shares.max())]
        found["effective_experts"] = [round(float(v), 2) for v in (effective.min(), effective.mean())]
    for layer in layers:
        layer.usage = None
    return found


def features_of(waveform: np.ndarray, model: AsrModel) -> tuple[Tensor, Tensor]:
    """Pieces of equal length, so that nothing is padding: [B, T, bins], [B]."""
    length = max(min(len(waveform), int(PIECE_SECONDS * SAMPLE_RATE)), samples_for(model.encoder.embed.min_frames))
    count = max(1, len(waveform) // length)
    pieces = np.zeros((count, length), np.float32)
    usable = waveform[: count * length]
    pieces.reshape(-1)[: len(usable)] = usable
    features, lens = frontend_of(model.c.encoder)(torch.from_numpy(pieces), torch.full((count,), length))
    return features, lens.long()


@contextmanager
def _calibrated_routers(model: AsrModel) -> Iterator[None]:
    """While open, a router is set from the first tokens it sees, before it routes them."""

    def set_router(layer: MoeFeedForward, inputs: tuple[Tensor]) -> None:
        tokens = inputs[0].flatten(0, -2)
        mean, axes = whitened(tokens)
        weight = mix(axes[:ROUTER_DIRECTIONS], layer.experts)
        # There is no bias: logits have no mean where the weights do not see the mean of the input.
        away = mean / mean.square().sum().clamp(min=1e-6)
        layer.gate.weight.copy_(weight - torch.outer(weight @ mean, away))

    layers = (m for m in model.modules() if isinstance(m, MoeFeedForward))
    hooks = [layer.register_forward_pre_hook(set_router) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _set_ctc_head(model: AsrModel, x: Tensor) -> None:
    """Frames x [N, D]: BLANKS of them shall be blank, the others spell tokens at random."""
    mean, axes = whitened(x)
    head: nn.Linear = model.ctc.ctc_lo
    head.weight.copy_(mix(axes[TOKEN_DIRECTIONS], model.c.vocabulary) * TOKEN_SCALE)
    head.weight[model.c.blank] = mix(axes[BLANK_DIRECTIONS], 1)[0] * BLANK_SCALE
    head.bias.copy_(-(head.weight @ mean))
    logits = head(x)
    # Neither is ever a result: a frame must not spell them.
    silent = sorted({model.sos, model.eos})
    head.bias[silent] = -100.0
    logits[:, silent] = -100.0
    blank = logits[:, model.c.blank].clone()
    logits[:, model.c.blank] = -math.inf
    head.bias[model.c.blank] += torch.quantile(logits.amax(1) - blank, BLANKS)


def whitened(x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows x [N, D] -> their mean [D], and axes [≤ D, D], strongest first, along which they have unit variance."""
    mean = x.mean(0)
    variance, directions = torch.linalg.eigh((x - mean).T.double() @ (x - mean).double() / len(x))
    variance, directions = variance.flip(0), directions.flip(1)
    kept = variance > 1e-6 * variance[0]
    return mean, (directions[:, kept] / variance[kept].sqrt()).T.float()


def mix(axes: Tensor, count: int) -> Tensor:
    """`count` random mixtures [count, D] of axes [K, D], each of unit variance over what the axes were made from."""
    if not len(axes):
        raise ValueError("the hidden vectors vary in too few directions: take a larger model or more speech")
    weights = torch.randn(count, len(axes))
    return (weights / weights.norm(dim=1, keepdim=True)) @ axes


def _frame_seconds(model: AsrModel) -> float:
    return 0.01 * model.encoder.embed.rate
