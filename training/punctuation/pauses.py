"""Silences between words, drawn: longer at sentence ends than after commas than elsewhere, for one speaker a window.

Medians in seconds; a log-normal's sigma beside them. A speaker has a scale of all silences, a readiness to stop at marks,
and a rate of hesitations. Some of it is noise on purpose, so that the model trusts words at least as much.
"""

import numpy as np

from training.punctuation.labels import COLON, COMMA, DASH, EXCLAMATION, NONE, QUESTION, SEMICOLON, STOP

UNKNOWN = -1.0
LONGEST = 2.0  # seconds; longer ones count as so long
# mark: probability of a silence, its median, its sigma
SILENCES = {
    NONE: (0.10, 0.15, 0.7),
    COMMA: (0.60, 0.22, 0.6),
    STOP: (0.93, 0.55, 0.6),
    QUESTION: (0.93, 0.55, 0.6),
    EXCLAMATION: (0.90, 0.50, 0.6),
    COLON: (0.80, 0.35, 0.6),
    SEMICOLON: (0.80, 0.35, 0.6),
    DASH: (0.75, 0.32, 0.6),
}
PROBABILITY, MEDIAN, SIGMA = (np.array([SILENCES[mark][n] for mark in sorted(SILENCES)]) for n in range(3))
PARAGRAPH = 1.5  # times as long at its end
SPEAKER_SIGMA = 0.35  # of a speaker's scale
STOPS = (0.7, 1.0)  # times a mark's probability
HESITATIONS = (0.3, 2.5)  # times the probability where there is no mark
NOISE = 0.02  # seconds
FRAME = 0.04  # seconds: a recogniser knows no finer


def draw_silences(marks: np.ndarray, paragraph_ends: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Seconds of silence after each word [N], in a speaker's manner."""
    scale = random.lognormal(0, SPEAKER_SIGMA)
    ready, hesitant = random.uniform(*STOPS), random.uniform(*HESITATIONS)
    probability = PROBABILITY[marks] * np.where(marks == NONE, hesitant, ready)
    lengths = random.lognormal(np.log(MEDIAN[marks] * scale), SIGMA[marks])
    lengths *= np.where(paragraph_ends, PARAGRAPH, 1.0)
    lengths = np.where(random.random(len(marks)) < probability, lengths, 0.0) + random.normal(0, NOISE, len(marks))
    return np.clip(np.round(lengths / FRAME) * FRAME, 0, None)


def features(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """What the graph takes [N, 2]: seconds clipped and divided by the longest; what is unknown (below 0) as −1."""
    both = np.stack([before, after], 1)
    return np.where(both < 0, UNKNOWN, np.minimum(both, LONGEST) / LONGEST).astype(np.float32)
