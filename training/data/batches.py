"""Which utterances go into which batch: joined, with silences between, and grouped by length.

Everything follows from the seed and the epoch, so a resumed run sees the batches it would have seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.config import Config
from training.data.corpus import Utterance
from training.model.frontend import SAMPLE_RATE
from training.units.text import Units


@dataclass(frozen=True)
class Piece:
    """Silence, then an utterance."""

    silence: int  # samples
    utterance: Utterance


@dataclass(frozen=True)
class Row:
    pieces: tuple[Piece, ...]
    tail: int  # samples of silence at the end

    @property
    def samples(self) -> int:
        return self.tail + sum(p.silence + p.utterance.samples for p in self.pieces)

    @property
    def text(self) -> str:
        """Nothing if any of it is unlabelled."""
        texts = [p.utterance.text for p in self.pieces]
        return " ".join(texts) if all(texts) else ""


class BatchPlan:
    """Batches of at most `train.batch_seconds` of padded audio."""

    def __init__(self, utterances: list[Utterance], config: Config, units: Units):
        self.config, self.units = config, units
        self.weights = {name: corpus.weight for name, corpus in config.data.corpora.items()}
        low, high = (int(s * SAMPLE_RATE) for s in (config.data.min_seconds, config.data.max_seconds))
        wanted = (u for u in utterances if u.text or config.data.unlabelled)
        self.utterances = [u for u in wanted if low <= u.samples <= high]
        if not self.utterances:
            raise ValueError("no utterance is left to train on")

    def epoch(self, number: int) -> list[list[Row]]:
        random = np.random.default_rng([self.config.seed, number])
        batches = list(self._group(sorted(self._rows(random), key=lambda row: row.samples)))
        random.shuffle(batches)
        return batches

    def _rows(self, random: np.random.Generator) -> Iterator[Row]:
        data = self.config.data
        drawn = [u for u in self.utterances for _ in range(self._times(u, random))]
        random.shuffle(drawn)
        at = 0
        while at < len(drawn):
            limit = random.uniform(0, data.join_seconds) if random.random() < data.join_probability else 0
            pieces = [Piece(self._silence(random, data.edge_seconds), drawn[at])]
            length = pieces[0].silence + drawn[at].samples
            at += 1
            while at < len(drawn):
                gap = self._silence(random, data.gap_seconds)
                length += gap + drawn[at].samples
                if length > limit * SAMPLE_RATE:
                    break
                pieces.append(Piece(gap, drawn[at]))
                at += 1
            yield Row(tuple(pieces), self._silence(random, data.edge_seconds))

    def _times(self, utterance: Utterance, random: np.random.Generator) -> int:
        weight = self.weights.get(utterance.corpus, 1.0)
        return int(weight) + int(random.random() < weight % 1)

    @staticmethod
    def _silence(random: np.random.Generator, seconds: float) -> int:
        # A third begins or ends at once; short pauses are as likely as long ones.
        return 0 if random.random() < 1 / 3 else int(random.random() ** 2 * seconds * SAMPLE_RATE)

    def _group(self, rows: list[Row]) -> Iterator[list[Row]]:
        limit = self.config.train.batch_seconds * SAMPLE_RATE
        batch: list[Row] = []
        for row in rows:
            if batch and row.samples * (len(batch) + 1) > limit:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch
