"""python -m training.data.prepare [--config FILE] — decode every recording once into one memory-mapped file.

Writes audio.i16 and index.json (training/data/corpus.py), cmvn.json, and one manifest per held-out part, which both
`training.measure.evaluate` and the engine's `bench wer` read.
"""

import argparse
import csv
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from training.config import Config, CorpusConfig, add_arguments, from_arguments
from training.data.audio import read_audio
from training.data.codecs import through_codec
from training.data.corpus import Corpus, CorpusWriter
from training.model.frontend import SAMPLE_RATE, Fbank
from training.progress import Progress
from training.units.phones import pronounce, write_lexicon
from training.units.text import normalise


@dataclass(frozen=True)
class Source:
    corpus: str
    part: str
    speaker: str
    text: str
    path: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    config = from_arguments(arguments)
    prepare(config, arguments.workers)


def prepare(config: Config, workers: int) -> None:
    folder = Path(config.data.folder)
    sources = [s for name, corpus in config.data.corpora.items() for s in read_sources(name, corpus)]
    write_manifests(folder, sources)
    writer = CorpusWriter(folder)
    progress = Progress("decode", len(sources))
    training: dict[str, list[tuple[Source, np.ndarray]]] = defaultdict(list)
    codecs = {name: corpus.codecs for name, corpus in config.data.corpora.items()}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for source, samples in zip(sources, pool.map(read_audio, [s.path for s in sources], chunksize=16), strict=True):
            writer.add(samples, **vars(source))
            if source.part == "train" and codecs[source.corpus]:
                training[source.corpus].append((source, samples))
            progress.step()
        copies = [(name, codec) for name in training for codec in codecs[name]]
        recordings = [[samples for _, samples in training[name]] for name, _ in copies]
        for (name, codec), decoded in zip(copies, pool.map(through_codec, [c for _, c in copies], recordings)):
            for (source, _), samples in zip(training[name], decoded):
                writer.add(samples, **vars(source), variant=codec)
    writer.close()
    corpus = Corpus(folder)
    if config.train.phone_weight > 0:
        write_lexicon(pronounce({s.text for s in sources if s.part == "train"}), folder)
    (folder / "cmvn.json").write_text(json.dumps(cmvn(corpus, config)))
    for name, part, hours, count in summary(corpus):
        print(f"{name:16} {part:6} {count:6} utterances {hours:6.2f} h")


def read_sources(name: str, corpus: CorpusConfig) -> Iterator[Source]:
    folder = Path(corpus.folder)
    held_out = set(corpus.dev_speakers)
    found = set()
    with open(folder / "manifest.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            part = "dev" if row["speaker"] in held_out else "train"
            if corpus.test_split and row.get("split") == corpus.test_split:
                part = "test"
            found.add(row["speaker"])
            path = str((folder / row["path"]).resolve())
            yield Source(name, part, row["speaker"], normalise(row["transcript"]), path)
    if held_out - found:
        raise ValueError(f"{name}: no such dev speakers: {', '.join(sorted(held_out - found))}")


def write_manifests(folder: Path, sources: list[Source]) -> None:
    """<corpus>-<part>.tsv of everything held out."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = defaultdict(list)
    for source in sources:
        if source.part != "train":
            parts[f"{source.corpus}-{source.part}"].append(source)
    for name, rows in parts.items():
        lines = ["path\tspeaker\ttranscript", *(f"{r.path}\t{r.speaker}\t{r.text}" for r in rows)]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")


def cmvn(corpus: Corpus, config: Config, utterances: int = 2000) -> dict[str, list[float]]:
    """Mean and inverse standard deviation per bin over a sample of the training part."""
    rows = corpus.select("train")
    random = np.random.default_rng(config.seed)
    chosen = random.choice(len(rows), min(utterances, len(rows)), replace=False)
    fbank = Fbank(config.model.encoder.bins)
    features = []
    with torch.no_grad():
        for at in sorted(chosen):
            waveform = torch.from_numpy(corpus.samples(rows[at]).astype(np.float32) / 32768)
            if len(waveform) >= 400:
                features.append(fbank(waveform[None], torch.tensor([len(waveform)]))[0][0].double())
    stacked = torch.cat(features)
    return {"mean": stacked.mean(0).tolist(), "istd": (1 / stacked.std(0)).tolist()}


def summary(corpus: Corpus) -> list[tuple[str, str, float, int]]:
    totals = defaultdict(lambda: [0, 0])
    for u in corpus.utterances:
        entry = totals[u.corpus + (f"/{u.variant}" if u.variant else ""), u.part]
        entry[0] += u.samples
        entry[1] += 1
    return [(name, part, n / SAMPLE_RATE / 3600, count) for (name, part), (n, count) in totals.items()]


if __name__ == "__main__":
    main()
