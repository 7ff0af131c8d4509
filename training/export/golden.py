"""golden.json: what onnxruntime computes from a few recordings on this very pack, for the engine's tests."""

import json
import shutil
from pathlib import Path

import numpy as np
import soundfile

from training.recognise.decoding import BEAM, Language, Weights, final_scores, greedy_tokens, pack_hypotheses, prefix_beam
from training.recognise.recognisers import PackRecogniser, language_of
from training.units.text import Units, read_units


def write_golden(pack: Path, recordings: list[Path]) -> None:
    """Copies the recordings into the pack. They must be synthetic speech, mono PCM16 at 16 kHz."""
    (pack / "golden").mkdir(exist_ok=True)
    recogniser, units = PackRecogniser(pack, threads=1), read_units(pack / "tokens.txt")
    defaults = recogniser.manifest["defaults"]
    weights, language = Weights(defaults["ctc_weight"], defaults["reverse_weight"]), language_of(pack)
    utterances = []
    for recording in recordings:
        copy = pack / "golden" / recording.name
        if copy.resolve() != recording.resolve():
            shutil.copyfile(recording, copy)
        values = golden_values(recogniser, units, recording, weights, language)
        utterances.append({"wav": f"golden/{recording.name}", **values})
    settings = f"beam {BEAM}, ctc_weight {weights.ctc}, reverse_weight {weights.reverse}"
    settings += f", language_model {recogniser.manifest['language_model']}" if language else ""
    made_by = f"onnxruntime (Python) on this very pack, {settings}"
    text = json.dumps({"made_by": made_by, "utterances": utterances}, ensure_ascii=False)
    (pack / "golden.json").write_text(text + "\n")


def golden_values(
    recogniser: PackRecogniser, units: Units, recording: Path, weights: Weights, language: Language | None
) -> dict:
    samples, rate = soundfile.read(recording, dtype="int16")
    if rate != 16_000 or samples.ndim != 1:
        raise ValueError(f"{recording} is not mono at 16 kHz")
    features, lens = recogniser.features(samples.astype(np.float32) / 32768)
    out, _, log_probs, best, tokens = recogniser.encoder.run(None, {"speech": features, "speech_lengths": lens})
    nbest = prefix_beam(best[0], tokens[0], BEAM, recogniser.blank, language=language)
    hyps, hyps_lens = pack_hypotheses(nbest, recogniser.sos, recogniser.eos)
    feed = {"encoder_out": out, "encoder_out_lens": np.array([out.shape[1]], np.int32)}
    left, right = recogniser.decoder.run(None, feed | {"hyps": hyps[None], "hyps_lens": hyps_lens[None]})
    l2r, r2l = (scores[0].sum(-1, dtype=np.float64) for scores in (left, right))
    final = final_scores(nbest, l2r, r2l, weights)
    return {
        "samples": len(samples),
        "feature_frames": features.shape[1],
        "features_first_frame": [round(float(v), 4) for v in features[0, 0]],
        "features_mean_per_bin": features[0].astype(np.float64).mean(0).round(4).tolist(),
        "encoder_frames": out.shape[1],
        "ctc_log_probs": log_probs[0].astype(np.float64).round(3).tolist(),
        "greedy": units.decode(greedy_tokens(tokens[0, :, 0].tolist(), recogniser.blank)),
        "nbest": [
            {
                "tokens": list(h.tokens),
                "text": units.decode(h.tokens),
                "ctc": round(h.ctc, 4),
                "l2r": round(float(l2r[at]), 4),
                "r2l": round(float(r2l[at]), 4),
                "final": round(float(final[at]), 4),
            }
            for at, h in enumerate(nbest)
        ],
        "best": units.decode(nbest[int(np.argmax(final))].tokens),
    }
