"""A pack's graphs in 16 bits against those in 32, on the CPU."""

from pathlib import Path

import numpy as np

from training.export.parity import difference
from training.graph.pack import GPU, HALF
from training.recognise.recognisers import open_session

CLOSE = 2e-2
# Standard deviation of a trained model's log-probs; where they lie further apart, as of random weights made larger, so may
# the two precisions.
USUAL_SPREAD = 5.0
# Where a token's second and third expert are nearly as good, a rounding may choose the other one: that changes its
# frame and a little of its neighbours. Of a model with a dozen such layers this much must be left.
LEAST = 0.5


def check_half(pack: Path, waveform: np.ndarray | None = None, seed: int = 0) -> dict[str, float]:
    """The shares of encoder frames and of scored tokens whose log-probs all lie within 0.02; raises ValueError below LEAST.

    waveform: float32 [B, N] at 16 kHz; default: noise.
    """
    random = np.random.default_rng(seed)
    if waveform is None:
        waveform = (random.standard_normal((2, 32_000)) * 0.1).astype(np.float32)
    lens = np.full(len(waveform), waveform.shape[1], np.int64)
    frontend = open_session(pack / "frontend.onnx", 1)
    features, frames = frontend.run(None, {"waveform": waveform, "waveform_lens": lens})
    feeds = {"speech": features, "speech_lengths": frames}
    out, out_lens, log_probs, best, _ = open_session(pack / GPU["encoder"], 1).run(None, feeds)
    half_out, half_lens, half_log_probs, half_best, _ = open_session(pack / HALF["encoder"], 1).run(None, feeds)
    assert out_lens.tolist() == half_lens.tolist()
    near = np.abs(half_log_probs - log_probs).max(-1) < CLOSE * max(1.0, log_probs.std() / USUAL_SPREAD)  # [B, T']
    vocabulary = log_probs.shape[2]
    hyps = random.integers(1, vocabulary - 1, (len(waveform), 4, 9))
    hyps[:, :, 0] = vocabulary - 1
    feeds = {"encoder_out_lens": out_lens, "hyps": hyps, "hyps_lens": np.full(hyps.shape[:2], 9, np.int32)}
    scores = open_session(pack / GPU["decoder"], 1).run(None, {"encoder_out": out, **feeds})
    half_feeds = {"encoder_out": out.astype(np.float16), **feeds}
    half_scores = open_session(pack / HALF["decoder"], 1).run(None, half_feeds)
    near_scores = np.abs(np.array(half_scores) - np.array(scores)) < CLOSE
    shares = {"half: frames within 0.02": float(near.mean()), "half: scores within 0.02": float(near_scores.mean())}
    if min(shares.values()) < LEAST:
        raise ValueError(f"the graphs in 16 bits do not compute what those in 32 bits do: {shares}")
    largest = {"half: candidates": difference(half_best, best), "half: encoder_out": difference(half_out.astype(np.float32), out)}
    return {name: float(f"{value:.3g}") for name, value in (shares | largest).items()}
