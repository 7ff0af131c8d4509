"""Every graph of a pack, in both forms, against PyTorch, over lengths and batch sizes; and padding changes nothing."""

from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession

from training.graph.pack import CPU, GPU
from training.model import AsrModel
from training.model.frontend import frontend_of, samples_for
from training.recognise.recognisers import open_session

BATCHES = (1, 3, 4)
LIMITS = {"features": 2e-3, "encoder_out": 2e-3, "ctc_log_probs": 5e-3, "decoder": 5e-3, "padding": 5e-3}


def check_parity(model: AsrModel, pack: Path, chunk: int = 0) -> dict[str, float]:
    """The largest absolute differences; raises ValueError above LIMITS. The seed is fixed."""
    worst = dict.fromkeys(LIMITS, 0.0)
    for form in (GPU, CPU):
        sessions = [open_session(pack / name, 1) for name in ("frontend.onnx", form["encoder"], form["decoder"])]
        for at, batch in enumerate(BATCHES):
            for name, value in compare(model, sessions, batch, seed=at, chunk=chunk).items():
                worst[name] = max(worst[name], value)
        del sessions  # a large model's weights, before the other form brings its own
    wrong = {name: value for name, value in worst.items() if not value <= LIMITS[name]}
    if wrong:
        raise ValueError(f"the graphs do not compute what the model computes: {wrong}")
    return {name: float(f"{value:.3g}") for name, value in worst.items()}


@torch.no_grad()
def compare(
    model: AsrModel, sessions: list[InferenceSession], batch: int, seed: int, chunk: int = 0
) -> dict[str, float]:
    """One padded batch of noise: six lengths in all, from the shortest input to four seconds."""
    random = np.random.default_rng(seed)
    shortest = samples_for(model.encoder.embed.min_frames)
    lens = np.array([shortest, 16_000, 40_007, 9_999, 23_456, 64_000])[random.permutation(6)[:batch]].astype(np.int64)
    waveform = np.zeros((batch, lens.max()), np.float32)
    for row, n in zip(waveform, lens):
        row[:n] = random.standard_normal(n) * 0.1
    frontend, encoder, decoder = sessions
    worst = dict.fromkeys(LIMITS, 0.0)

    features, frames = frontend.run(None, {"waveform": waveform, "waveform_lens": lens})
    expected, expected_frames = frontend_of(model.c.encoder)(torch.from_numpy(waveform), torch.from_numpy(lens))
    assert frames.tolist() == expected_frames.tolist()
    out, out_lens, log_probs, best, tokens = encoder.run(None, {"speech": features, "speech_lengths": frames})
    t_out, t_lens = model.encoder(torch.from_numpy(features), torch.from_numpy(frames).long(), chunk)
    t_log_probs = model.ctc(t_out)
    assert out_lens.tolist() == t_lens.tolist()
    hyps, hyps_lens = random_hypotheses(random, batch, model)
    scores = decoder.run(None, {"encoder_out": out, "encoder_out_lens": out_lens, "hyps": hyps, "hyps_lens": hyps_lens})
    arrays = (out, out_lens, hyps, hyps_lens)
    for ours, theirs in zip(scores, model.score(*map(torch.from_numpy, arrays))):
        worst["decoder"] = max(worst["decoder"], difference(ours, theirs.numpy()))
    for row in range(batch):
        n, f = out_lens[row], frames[row]
        worst["features"] = max(worst["features"], difference(features[row, :f], expected[row, :f].numpy()))
        worst["encoder_out"] = max(worst["encoder_out"], difference(out[row, :n], t_out[row, :n].numpy()))
        worst["ctc_log_probs"] = max(
            worst["ctc_log_probs"], difference(log_probs[row, :n], t_log_probs[row, :n].numpy())
        )
        assert np.array_equal(np.take_along_axis(log_probs[row], tokens[row], 1), best[row])
        alone = encoder.run(None, {"speech": features[row : row + 1, :f], "speech_lengths": frames[row : row + 1]})
        worst["padding"] = max(worst["padding"], difference(alone[2][0], log_probs[row, :n]))
        feed = {"encoder_out": alone[0], "encoder_out_lens": alone[1]}
        k = hyps_lens[row, 0]
        feed |= {"hyps": hyps[row : row + 1, :1, :k], "hyps_lens": hyps_lens[row : row + 1, :1]}
        for single, together in zip(decoder.run(None, feed), scores):
            worst["padding"] = max(worst["padding"], difference(single[0, 0], together[row, 0, :k]))
    return worst


def random_hypotheses(random: np.random.Generator, batch: int, model: AsrModel) -> tuple[np.ndarray, np.ndarray]:
    lens = random.integers(1, 13, (batch, 5)).astype(np.int32)
    hyps = random.integers(1, model.c.vocabulary, (batch, 5, lens.max()))
    inside = np.arange(lens.max()) < lens[..., None]
    hyps = np.where(inside, hyps, model.eos)
    hyps[:, :, 0] = model.sos
    return hyps, lens


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max()) if a.size else 0.0
