"""python -m training.measure.evaluate (--pack PACK | --checkpoint FILE [--chunk 16]) MANIFEST… — error rates and speed.

A manifest is tab-separated with the columns path and transcript, the paths being relative to it. Every recording is
decoded whole: CTC greedy, beam 10, beam 10 with rescoring, and the best of the ten for comparison. The beam asks the
pack's language model, or for a checkpoint that of --language-model.
"""

import argparse
import csv
import json
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from training.data.audio import read_waveform
from training.devices import choose
from training.model.frontend import SAMPLE_RATE
from training.progress import Progress
from training.recognise.decoding import (
    BEAM,
    THRESHOLD,
    Language,
    Weights,
    final_scores,
    greedy_tokens,
    pack_hypotheses,
    prefix_beam,
)
from training.recognise.recognisers import PackRecogniser, Recogniser, TorchRecogniser, language_of
from training.units.text import ErrorRate, Units, edit_distance, read_units, units_of

METHODS = ("greedy", "beam", "rescored", "oracle")


@dataclass
class Report:
    name: str
    utterances: int = 0
    audio_seconds: float = 0.0
    encoder_seconds: float = 0.0
    rescoring_seconds: float = 0.0
    rates: dict[str, ErrorRate] = field(default_factory=lambda: {m: ErrorRate() for m in METHODS})
    hypotheses: list[tuple[str, str, str]] = field(default_factory=list)  # path, reference, rescored

    def facts(self) -> dict:
        rates = {m: {"wer": round(r.wer, 2), "cer": round(r.cer, 2)} for m, r in self.rates.items()}
        speed = {"encoder_rtf": self.encoder_seconds, "rescoring_rtf": self.rescoring_seconds}
        rtf = {key: round(seconds / max(self.audio_seconds, 1e-9), 5) for key, seconds in speed.items()}
        words = self.rates["rescored"]
        return {"set": self.name, "utterances": self.utterances, "words": words.words, **rates, **rtf}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--pack", type=Path)
    source.add_argument("--checkpoint", type=Path)
    parser.add_argument("--chunk", type=int, default=0, help="encoder frames seen at a time; 0: full context")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ctc-weight", type=float, default=Weights.ctc)
    parser.add_argument("--reverse-weight", type=float, default=Weights.reverse)
    parser.add_argument("--language-model", type=Path, metavar="PACK", help="the pack whose language model is asked")
    parser.add_argument("--lm-weight", type=float, help="of the language model; 0: none; default: the pack's")
    parser.add_argument("--prior-weight", type=float, help="beside the language model; default: the pack's")
    parser.add_argument("--token-bonus", type=float, help="beside the language model; default: the pack's")
    parser.add_argument("--limit", type=int, default=0, help="a random sample of so many utterances per manifest")
    parser.add_argument("--details", action="store_true", help="print every utterance with an error")
    parser.add_argument("--json", type=Path, help="write the reports there too")
    parser.add_argument("manifests", type=Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.pack and arguments.chunk:
        parser.error("a pack decodes as it was exported: use --checkpoint with --chunk")
    torch.set_num_threads(arguments.threads)
    if arguments.pack:
        recogniser: Recogniser = PackRecogniser(arguments.pack, arguments.threads)
        units = read_units(arguments.pack / "tokens.txt")
    else:
        recogniser = TorchRecogniser(arguments.checkpoint, choose(arguments.device), arguments.chunk)
        units = units_of(recogniser.config)
    weights = Weights(arguments.ctc_weight, arguments.reverse_weight)
    holder = arguments.language_model or arguments.pack
    asked = {"weight": arguments.lm_weight, "prior_weight": arguments.prior_weight, "token_bonus": arguments.token_bonus}
    language = language_of(holder, **asked) if holder else None
    reports = []
    for manifest in arguments.manifests:
        report = evaluate(recogniser, units, manifest, weights, language, arguments.limit)
        print(json.dumps(report.facts()), flush=True)
        reports.append(report)
        for path, reference, found in report.hypotheses if arguments.details else []:
            if reference != found:
                print(f"{path}\n  REF {reference}\n  HYP {found}")
    if arguments.json:
        arguments.json.write_text(json.dumps([r.facts() for r in reports], indent=1))


def evaluate(
    recogniser: Recogniser,
    units: Units,
    manifest: Path,
    weights: Weights,
    language: Language | None = None,
    limit: int = 0,
) -> Report:
    rows = read_manifest(manifest)
    if limit:
        rows = random.Random(7).sample(rows, min(limit, len(rows)))
    report, progress = Report(manifest.stem), Progress(manifest.stem, len(rows))
    for path, reference in rows:
        waveform = read_waveform(str(path))
        started = time.perf_counter()
        encoded = recogniser.encode(waveform)
        report.encoder_seconds += time.perf_counter() - started
        nbest = prefix_beam(encoded.log_probs, encoded.tokens, BEAM, recogniser.blank, THRESHOLD, language)
        started = time.perf_counter()
        l2r, r2l = recogniser.score(encoded, *pack_hypotheses(nbest, recogniser.sos, recogniser.eos))
        report.rescoring_seconds += time.perf_counter() - started
        texts = [units.decode(h.tokens) for h in nbest]
        best = {
            "greedy": units.decode(greedy_tokens(encoded.tokens[:, 0].tolist(), recogniser.blank)),
            "beam": texts[0],
            "rescored": texts[int(np.argmax(final_scores(nbest, l2r, r2l, weights)))],
            "oracle": min(texts, key=lambda text: edit_distance(reference.split(), text.split())),
        }
        for method, text in best.items():
            report.rates[method].add(reference, text)
        report.hypotheses.append((str(path), reference, best["rescored"]))
        report.utterances += 1
        report.audio_seconds += len(waveform) / SAMPLE_RATE
        progress.step()
    return report


def read_manifest(manifest: Path) -> list[tuple[Path, str]]:
    with open(manifest, newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(manifest.parent / row["path"], row["transcript"]) for row in rows]


if __name__ == "__main__":
    main()
