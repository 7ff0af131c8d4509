"""Quick error rates during training: CTC greedy on a part of every held-out set, and how evenly experts are used."""

import random

import torch

from training.data.corpus import Corpus, Utterance
from training.model import AsrModel
from training.model.feed_forward import MoeFeedForward
from training.model.frontend import SAMPLE_RATE, Fbank
from training.recognise.decoding import greedy_tokens
from training.units.text import ErrorRate, Units

BATCH_SECONDS = 120


class Development:
    def __init__(self, corpus: Corpus, units: Units, fbank: Fbank, count: int, seed: int):
        self.corpus, self.units, self.fbank = corpus, units, fbank
        self.sets: dict[str, list[Utterance]] = {}
        held_out = [u for u in corpus.utterances if u.part != "train"]
        for name in sorted({f"{u.corpus}-{u.part}" for u in held_out}):
            rows = [u for u in held_out if f"{u.corpus}-{u.part}" == name]
            self.sets[name] = random.Random(seed).sample(rows, min(count, len(rows)))

    @torch.no_grad()
    def evaluate(self, model: AsrModel, device: torch.device) -> dict:
        """{set: {wer, cer}}, and `experts`: tokens per expert of every MoE layer."""
        model.eval()
        layers = {name: m for name, m in model.named_modules() if isinstance(m, MoeFeedForward)}
        for layer in layers.values():
            layer.usage = torch.zeros(layer.experts, device=device)
        out: dict = {}
        for name, rows in self.sets.items():
            rate = ErrorRate()
            for text, hypothesis in self._decode(model, device, rows):
                rate.add(text, hypothesis)
            out[name] = {"wer": round(rate.wer, 2), "cer": round(rate.cer, 2)}
        out["experts"] = {name: layer.usage.int().tolist() for name, layer in layers.items() if layer.usage.sum() > 0}
        for layer in layers.values():
            layer.usage = None
        return out

    def _decode(self, model: AsrModel, device: torch.device, rows: list[Utterance]):
        rows = sorted(rows, key=lambda u: u.samples)
        while rows:
            count = max(1, min(len(rows), BATCH_SECONDS * SAMPLE_RATE // rows[-1].samples))
            batch, rows = rows[-count:], rows[:-count]
            waveform = torch.from_numpy(self.corpus.together(batch)).to(device).float() / 32768
            lens = torch.tensor([u.samples for u in batch], device=device)
            features, lens = self.fbank(waveform, lens)
            encoder_out, lens = model.encoder(features, lens.long())
            best = model.ctc(encoder_out).argmax(-1).tolist()
            for u, tokens, length in zip(batch, best, lens.tolist()):
                yield u.text, self.units.decode(greedy_tokens(tokens[:length], model.c.blank))
