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


TOKENS_PER_SECOND = 8  # more than nearly anybody says


@dataclass(frozen=True)
class Piece:
    """Silence, then an utterance, so many times as fast as it was said."""

    silence: int  # samples
    utterance: Utterance
    speed: float = 1.0

    @property
    def samples(self) -> int:
        """Of the utterance at its speed: the places between its first and its last sample that it is read at."""
        return self.utterance.samples if self.speed == 1 else int((self.utterance.samples - 1) / self.speed) + 1


@dataclass(frozen=True)
class Row:
    pieces: tuple[Piece, ...]
    tail: int  # samples of silence at the end

    @property
    def samples(self) -> int:
        return self.tail + sum(p.silence + p.samples for p in self.pieces)

    @property
    def text(self) -> str:
        return " ".join(p.utterance.text for p in self.pieces)


class BatchPlan:
    """Batches of at most `train.batch_seconds` of padded audio; with `train.shapes`, of a few fixed shapes."""

    def __init__(self, utterances: list[Utterance], config: Config, units: Units):
        self.config, self.units = config, units
        self.weights = {name: corpus.weight for name, corpus in config.data.corpora.items()}
        low, high = (int(s * SAMPLE_RATE) for s in (config.data.min_seconds, config.data.max_seconds))
        self.utterances = [u for u in utterances if low <= u.samples <= high and u.text]
        self.sizes = sorted(int(seconds * SAMPLE_RATE) for seconds in config.train.shapes)
        slowest = config.data.max_seconds / config.data.speeds[0]
        longest = max(slowest + config.data.edge_seconds, config.data.join_seconds) + config.data.edge_seconds
        if self.sizes and self.sizes[-1] < longest * SAMPLE_RATE:
            raise ValueError(f"train.shapes needs one of {longest:g} seconds: so long can a row be")
        if self.sizes:  # of a fixed width are the labels too
            self.utterances = [u for u in self.utterances if self._fits(u)]
        if not self.utterances:
            raise ValueError("no utterance is left to train on")

    def epoch(self, number: int) -> list[list[Row]]:
        random = np.random.default_rng([self.config.seed, number])
        batches = list(self._group(sorted(self._rows(random), key=lambda row: row.samples)))
        random.shuffle(batches)
        return batches

    def _fits(self, u: Utterance) -> bool:
        fastest = self.config.data.speeds[1]
        return len(self.units.encode(u.text)) <= u.samples / fastest / SAMPLE_RATE * TOKENS_PER_SECOND

    def _rows(self, random: np.random.Generator) -> Iterator[Row]:
        data = self.config.data
        drawn = [u for u in self.utterances for _ in range(self._times(u, random))]
        random.shuffle(drawn)
        at = 0
        while at < len(drawn):
            limit = random.uniform(0, data.join_seconds) if random.random() < data.join_probability else 0
            speed = self._speed(random)  # one for the whole row, as of one speaker
            pieces = [Piece(self._silence(random, data.edge_seconds), drawn[at], speed)]
            length = pieces[0].silence + pieces[0].samples
            at += 1
            while at < len(drawn):
                piece = Piece(self._silence(random, data.gap_seconds), drawn[at], speed)
                length += piece.silence + piece.samples
                if length > limit * SAMPLE_RATE:
                    break
                pieces.append(piece)
                at += 1
            yield Row(tuple(pieces), self._silence(random, data.edge_seconds))

    def _speed(self, random: np.random.Generator) -> float:
        slow, fast = self.config.data.speeds
        return 1.0 if slow == fast == 1 else random.uniform(slow, fast)

    def _times(self, utterance: Utterance, random: np.random.Generator) -> int:
        weight = self.weights.get(utterance.corpus, 1.0)
        return int(weight) + int(random.random() < weight % 1)

    @staticmethod
    def _silence(random: np.random.Generator, seconds: float) -> int:
        # A third begins or ends at once; short pauses are as likely as long ones.
        return 0 if random.random() < 1 / 3 else int(random.random() ** 2 * seconds * SAMPLE_RATE)

    def _group(self, rows: list[Row]) -> Iterator[list[Row]]:
        """Rows, sorted by length, into batches."""
        if self.sizes:
            yield from self._of_fixed_shape(rows)
            return
        limit = self.config.train.batch_seconds * SAMPLE_RATE
        batch: list[Row] = []
        for row in rows:
            if batch and row.samples * (len(batch) + 1) > limit:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _of_fixed_shape(self, rows: list[Row]) -> Iterator[list[Row]]:
        """As many rows to a batch as its length allows; the last of each length is filled up with rows from its front."""
        for shorter, size in zip([0, *self.sizes], self.sizes):
            fitting = [row for row in rows if shorter < row.samples <= size]
            count = max(1, int(self.config.train.batch_seconds * SAMPLE_RATE) // size)
            for at in range(0, len(fitting), count):
                batch = fitting[at : at + count]
                while len(batch) < count:
                    batch += fitting[: count - len(batch)]
                yield batch

    def size_of(self, rows: list[Row]) -> int:
        """Samples that a batch of these is padded to."""
        longest = max(row.samples for row in rows)
        return next((size for size in self.sizes if size >= longest), longest)
