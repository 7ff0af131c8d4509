"""python -m training.measure.peer_torch --model (PACK | CHECKPOINT) — the training model in PyTorch, for `npm run bench -- peers`.

Reads one request a line, {"parts": [{"path", "start", "end"}]}, and answers one line each: the seconds it took to make
text of 16 kHz WAV files (or parts of them, in seconds), the texts, the time by stage, and the texts of CTC greedy search.
"""

import argparse
import contextlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from training.data.audio import read_waveform
from training.measure.peer_model import PeerModel, load_peer
from training.model.frontend import SAMPLE_RATE, frontend_of, samples_for
from training.recognise.decoding import BEAM, THRESHOLD, Hypothesis, final_scores, greedy_tokens, pack_hypotheses, prefix_beam
from training.recognise.recognisers import CANDIDATES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch-seconds", type=float, default=0.0, help="padding included; 0: one at a time")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    transcriber = TorchTranscriber(load_peer(arguments.model), arguments.batch_seconds)
    # Answers have the pipe to themselves.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    with contextlib.redirect_stdout(sys.stderr):
        answer(answers, {"versions": f"torch {torch.__version__}, Python {platform.python_version()}"})
        for line in sys.stdin:
            answer(answers, transcriber.run(json.loads(line)["parts"]))


def answer(file, content: dict) -> None:
    print(json.dumps(content), file=file, flush=True)


class TorchTranscriber:
    """CTC prefix beam search and attention rescoring as training.measure.evaluate does them, in batches."""

    def __init__(self, peer: PeerModel, batch_seconds: float):
        self.peer, self.model = peer, peer.model
        self.fbank = frontend_of(self.model.c.encoder)
        self.batch_samples = int(batch_seconds * SAMPLE_RATE)
        self.min_samples = samples_for(self.model.encoder.embed.min_frames)
        self.stages: dict[str, float] = {}

    def run(self, parts: list[dict]) -> dict:
        self.stages = dict.fromkeys(("read", "encoder", "beam", "rescoring"), 0.0)
        texts, greedy = [""] * len(parts), [[]] * len(parts)
        started, used = time.perf_counter(), time.process_time()
        with self.timed("read"):
            waveforms = read_parts(parts)
        for batch in self.batches([len(w) for w in waveforms]):
            for at, (tokens, best) in zip(batch, self.transcribe([waveforms[at] for at in batch])):
                texts[at], greedy[at] = self.peer.units.decode(tokens), best
        times = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - used}
        decoded = [self.peer.units.decode(greedy_tokens(best, self.model.c.blank)) for best in greedy]
        stages = {name: 1000 * spent for name, spent in self.stages.items()}
        return {**times, "texts": texts, "stages": stages, "greedy": decoded}

    def batches(self, lens: list[int]) -> list[list[int]]:
        """Indices of neighbours in length, with at most batch_samples of audio once padded, one at least."""
        out: list[list[int]] = []
        for at in sorted(range(len(lens)), key=lens.__getitem__):
            if out and lens[at] * (len(out[-1]) + 1) <= self.batch_samples:
                out[-1].append(at)
            else:
                out.append([at])
        return out

    @torch.inference_mode()
    def transcribe(self, waveforms: list[np.ndarray]) -> list[tuple[tuple[int, ...], list[int]]]:
        """The winner's tokens and the best token of every frame, per waveform float32 [N]."""
        with self.timed("encoder"):
            lens = torch.tensor([max(len(w), self.min_samples) for w in waveforms])
            padded = torch.zeros(len(waveforms), int(lens.max()))
            for row, waveform in zip(padded, waveforms):
                row[: len(waveform)] = torch.from_numpy(waveform)
            features, frames = self.fbank(padded, lens)
            out, out_lens = self.model.encoder(features, frames.long())
            best, tokens = self.model.ctc(out).topk(min(CANDIDATES, self.model.c.vocabulary), dim=-1)
        with self.timed("beam"):
            nbests = [
                prefix_beam(best[row, :n].numpy(), tokens[row, :n].numpy(), BEAM, self.model.c.blank, THRESHOLD)
                for row, n in enumerate(out_lens.tolist())
            ]
        with self.timed("rescoring"):
            winners = self.rescore(out, out_lens, nbests)
        return [
            (winner, tokens[row, :n, 0].tolist()) for row, (winner, n) in enumerate(zip(winners, out_lens.tolist()))
        ]

    def rescore(
        self, out: torch.Tensor, out_lens: torch.Tensor, nbests: list[list[Hypothesis]]
    ) -> list[tuple[int, ...]]:
        packed = [pack_hypotheses(nbest, self.model.sos, self.model.eos) for nbest in nbests]
        most, longest = (max(hyps.shape[axis] for hyps, _ in packed) for axis in (0, 1))
        hyps = torch.full((len(packed), most, longest), self.model.eos)
        lens = torch.ones(len(packed), most, dtype=torch.int32)
        for row, (some, counts) in enumerate(packed):
            hyps[row, : some.shape[0], : some.shape[1]] = torch.from_numpy(some)
            lens[row, : len(counts)] = torch.from_numpy(counts)
        left, right = (s.double().sum(-1).numpy() for s in self.model.score(out, out_lens, hyps, lens))
        return [
            nbest[int(np.argmax(final_scores(nbest, l2r[: len(nbest)], r2l[: len(nbest)], self.peer.weights)))].tokens
            for nbest, l2r, r2l in zip(nbests, left, right)
        ]

    @contextlib.contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.stages[stage] += time.perf_counter() - started


def read_parts(parts: list[dict]) -> list[np.ndarray]:
    """float32 in [-1, 1]. Every file is read once."""
    files = {path: read_waveform(path) for path in dict.fromkeys(p["path"] for p in parts)}
    out = []
    for part in parts:
        start = round(part.get("start", 0) * SAMPLE_RATE)
        end = round(part["end"] * SAMPLE_RATE) if "end" in part else None
        out.append(files[part["path"]][start:end])
    return out


if __name__ == "__main__":
    main()
