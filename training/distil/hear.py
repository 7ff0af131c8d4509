"""What recordings without a transcript say, as the teacher hears it: once, kept beside the prepared recordings."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from training.data.corpus import HEARD, Corpus, Utterance
from training.devices import precision
from training.distil.teacher import Teacher
from training.model.frontend import SAMPLE_RATE, Fbank
from training.progress import Progress

BATCH_SECONDS = 240
KEEP_EVERY = 25  # batches: what was heard is kept, should the rest be stopped


def label(
    corpus: Corpus, folder: Path, teacher: Teacher, fbank: Fbank, device: torch.device, bfloat16: bool = False
) -> None:
    """Gives every utterance of the training part without a text what the teacher hears; nothing where it hears nothing."""
    path = folder / HEARD
    heard: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    silent = [u for u in corpus.select("train") if not u.text and str(u.offset) not in heard]
    batches = in_batches(sorted(silent, key=lambda u: u.samples))
    progress = Progress("hear", len(batches))
    for number, batch in enumerate(batches, 1):
        waveform = torch.from_numpy(corpus.together(batch)).to(device).float() / 32768
        features, lens = fbank(waveform, torch.tensor([u.samples for u in batch], device=device))
        with precision(device, bfloat16):
            _, log_probs, lens = teacher(features, lens.long())
        for u, best, n in zip(batch, log_probs.argmax(-1).cpu(), lens.tolist()):
            heard[str(u.offset)] = teacher.words(best[:n])
        if number % KEEP_EVERY == 0 or number == len(batches):
            keep(heard, path)
        progress.step()
    corpus.utterances = [replace(u, text=u.text or heard.get(str(u.offset), "")) for u in corpus.utterances]


def keep(heard: dict[str, str], path: Path) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(heard, indent=0))
    partial.rename(path)


def in_batches(utterances: list[Utterance]) -> list[list[Utterance]]:
    """Of up to BATCH_SECONDS with padding; utterances sorted by length."""
    batches: list[list[Utterance]] = []
    for u in utterances:
        if not batches or u.samples * (len(batches[-1]) + 1) > BATCH_SECONDS * SAMPLE_RATE:
            batches.append([])
        batches[-1].append(u)
    return batches
