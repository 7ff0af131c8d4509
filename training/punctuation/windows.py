"""Samples: windows of pieces that begin anywhere in a document, their labels on each word's last piece."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.punctuation.config import SampleConfig
from training.punctuation.corpus import PARAGRAPH_END, Place, TextCorpus
from training.punctuation.errors import IGNORED, Words, with_errors
from training.punctuation.labels import SENTENCE_ENDS
from training.punctuation.pauses import UNKNOWN, draw_silences, features
from training.punctuation.pieces import Speller


@dataclass
class Batch:
    """pieces [B, L], lens [B], pauses [B, L, 2]; cases and marks [B, L], IGNORED but on words' last pieces."""

    pieces: Tensor
    lens: Tensor
    pauses: Tensor
    cases: Tensor
    marks: Tensor


def words_between(corpus: TextCorpus, start: int, end: int) -> Words:
    labels = np.asarray(corpus.labels[start:end]).astype(np.int64)
    ends = labels & PARAGRAPH_END > 0
    return Words(np.asarray(corpus.words[start:end]).astype(np.int64), labels & 3, labels >> 2 & 7, ends)


class Windows:
    """Every batch follows from the seed and its number."""

    def __init__(self, corpus: TextCorpus, speller: Speller, part: str, c: SampleConfig, weights: dict[str, float], seed: int):
        self.corpus, self.speller, self.c, self.seed = corpus, speller, c, seed
        by_kind: dict[str, list[Place]] = {}
        for place in corpus.of(part):
            by_kind.setdefault(place.kind, []).append(place)
        self.kinds = list(by_kind.values())
        self.ends = [np.cumsum([p.end - p.start for p in places]) for places in self.kinds]
        shares = np.array([weights.get(places[0].kind, 1.0) for places in self.kinds])
        self.shares = shares / shares.sum()

    def batch(self, number: int, pieces: int) -> Batch:
        """About so many pieces, padding counted."""
        random = np.random.default_rng([self.seed, number])
        length = self.c.lengths[random.integers(len(self.c.lengths))]
        return collate([self.sample(length, random) for _ in range(max(1, pieces // length))])

    def sample(self, length: int, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        place, start = self._anywhere(random)
        x = words_between(self.corpus, start, min(place.end, start + length * 3 // 2))
        if random.random() < self.c.aligned:  # from a sentence's first word on
            ends = np.flatnonzero(np.isin(x.marks[: length // 2], SENTENCE_ENDS))
            if len(ends) and ends[0] + 1 < len(x.words):
                x = Words(*(a[ends[0] + 1 :] for a in (x.words, x.cases, x.marks, x.paragraph_ends)))
        if random.random() < self.c.wrong:
            others = np.array([self._any_word(random) for _ in range(len(x.words))])
            x = with_errors(x, random.uniform(*self.c.wrong_rate), others, random)
        fits = int(np.searchsorted(np.cumsum(self.speller.lengths[x.words]), length, side="right"))
        if random.random() < self.c.aligned:
            ends = np.flatnonzero(np.isin(x.marks[:fits], SENTENCE_ENDS))
            fits = int(ends[-1]) + 1 if len(ends) else fits
        x = Words(*(a[: max(fits, 1)] for a in (x.words, x.cases, x.marks, x.paragraph_ends)))
        pauses = self.pauses(x, random) if random.random() < self.c.pauses else None
        return spread(self.speller, x, pauses, length)

    def pauses(self, x: Words, random: np.random.Generator) -> np.ndarray:
        after = draw_silences(x.marks, x.paragraph_ends, random)
        first = UNKNOWN if random.random() < 0.5 else draw_silences(x.marks[-1:], x.paragraph_ends[-1:], random)[0]
        return features(np.concatenate([[first], after[:-1]]), after)

    def _anywhere(self, random: np.random.Generator) -> tuple[Place, int]:
        kind = int(random.choice(len(self.kinds), p=self.shares))
        at = int(random.integers(self.ends[kind][-1]))
        document = int(np.searchsorted(self.ends[kind], at, side="right"))
        place = self.kinds[kind][document]
        return place, place.end - (int(self.ends[kind][document]) - at)

    def _any_word(self, random: np.random.Generator) -> int:
        places = self.kinds[int(random.integers(len(self.kinds)))]
        place = places[int(random.integers(len(places)))]
        return int(self.corpus.words[int(random.integers(place.start, place.end))])


def spread(speller: Speller, x: Words, pauses: np.ndarray | None, length: int) -> tuple[np.ndarray, ...]:
    """Pieces, pauses, cases and marks of the words, piece by piece, at most `length`."""
    pieces, lengths = speller(x.words)
    last = np.cumsum(lengths) - 1
    cases, marks = (np.full(len(pieces), IGNORED, np.int64) for _ in range(2))
    cases[last], marks[last] = x.cases, x.marks
    silence = np.full((len(pieces), 2), UNKNOWN, np.float32) if pauses is None else np.repeat(pauses, lengths, axis=0)
    return pieces[:length], silence[:length], cases[:length], marks[:length]


def collate(samples: list[tuple[np.ndarray, ...]]) -> Batch:
    lens = [len(sample[0]) for sample in samples]
    width, fills = max(lens), (0, UNKNOWN, IGNORED, IGNORED)
    columns = []
    for column, fill in zip(zip(*samples), fills):
        padded = np.full((len(lens), width, *column[0].shape[1:]), fill, column[0].dtype)
        for row, values in zip(padded, column):
            row[: len(values)] = values
        columns.append(torch.from_numpy(padded))
    pieces, pauses, cases, marks = columns
    return Batch(pieces, torch.tensor(lens), pauses, cases, marks)
