"""Silences between words, drawn: longer at sentence ends than after commas than elsewhere, in one speaker's manner a window.

READ is measured: 452 recordings of LibriSpeech (1.3 hours, ten readers) whose books' texts are known, the silences between
words as the engine aligns them (bench/NOTES.md). FREE is assumed: who speaks without a text stops and hesitates anywhere.
A speaker has a scale of all silences, a readiness to stop at marks, and a rate of hesitations.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from training.punctuation.labels import COLON, COMMA, DASH, EXCLAMATION, NONE, QUESTION, SEMICOLON, STOP

UNKNOWN = -1.0
LONGEST = 2.0  # seconds; longer ones count as so long
PARAGRAPH = 1.5  # times as long at its end
SPEAKER_SIGMA = 0.35  # of a speaker's scale
NOISE = 0.02  # seconds
FRAME = 0.04  # seconds: a recogniser knows no finer


@dataclass(frozen=True)
class Manner:
    """Each mark's probability of a silence, its median in seconds, a log-normal's sigma; what a speaker multiplies them by."""

    silences: dict[int, tuple[float, float, float]]
    stops: tuple[float, float]  # times the probability at marks
    commas: tuple[float, float]  # at commas
    hesitations: tuple[float, float]  # where there is no mark
    noise: bool  # also where no silence is

    @cached_property
    def by_mark(self) -> np.ndarray:
        """`silences` as [3, marks]."""
        return np.array([self.silences[mark] for mark in sorted(self.silences)]).T


READ = Manner(
    silences={
        NONE: (0.03, 0.13, 0.75),
        COMMA: (0.61, 0.21, 0.65),
        STOP: (0.99, 0.65, 0.50),
        QUESTION: (0.95, 0.75, 0.50),
        EXCLAMATION: (0.95, 0.68, 0.55),
        COLON: (0.92, 0.52, 0.60),
        SEMICOLON: (0.93, 0.33, 0.65),
        DASH: (0.90, 0.50, 0.65),
    },
    stops=(0.96, 1.0),
    commas=(0.55, 1.4),
    hesitations=(0.0, 2.2),
    noise=False,
)
FREE = Manner(
    silences={
        NONE: (0.10, 0.15, 0.7),
        COMMA: (0.60, 0.22, 0.6),
        STOP: (0.93, 0.55, 0.6),
        QUESTION: (0.93, 0.55, 0.6),
        EXCLAMATION: (0.90, 0.50, 0.6),
        COLON: (0.80, 0.35, 0.6),
        SEMICOLON: (0.80, 0.35, 0.6),
        DASH: (0.75, 0.32, 0.6),
    },
    stops=(0.7, 1.0),
    commas=(0.7, 1.0),
    hesitations=(0.3, 2.5),
    noise=True,
)
MANNERS = (READ, FREE)


def draw_silences(
    marks: np.ndarray, paragraph_ends: np.ndarray, random: np.random.Generator, manner: Manner | None = None
) -> np.ndarray:
    """Seconds of silence after each word [N], in a speaker's manner; None: either."""
    manner = manner or MANNERS[int(random.integers(len(MANNERS)))]
    probability, median, sigma = manner.by_mark
    scale = random.lognormal(0, SPEAKER_SIGMA)
    stops, commas, hesitations = (random.uniform(*x) for x in (manner.stops, manner.commas, manner.hesitations))
    times = np.select([marks == NONE, marks == COMMA], [hesitations, commas], stops)
    silent = random.random(len(marks)) < probability[marks] * times
    lengths = random.lognormal(np.log(median[marks] * scale), sigma[marks]) * np.where(paragraph_ends, PARAGRAPH, 1.0)
    lengths = np.where(silent, lengths, 0.0) + np.where(silent | manner.noise, random.normal(0, NOISE, len(marks)), 0.0)
    return np.clip(np.round(lengths / FRAME) * FRAME, 0, None)


def features(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """What the graph takes [N, 2]: seconds clipped and divided by the longest; what is unknown (below 0) as −1."""
    both = np.stack([before, after], 1)
    return np.where(both < 0, UNKNOWN, np.minimum(both, LONGEST) / LONGEST).astype(np.float32)
