"""What to add to the log-odds so that F1 is best, of the scored marks together and of capitals: training asks for likelihood."""

import numpy as np

from training.punctuation.errors import IGNORED
from training.punctuation.labels import COMMA, LOWER, MARKS, NONE, QUESTION, STOP
from training.punctuation.scores import MERGED

STEPS = np.arange(-0.6, 1.41, 0.1)
ROUNDS = 2


def tune_marks(marks: np.ndarray, log_probs: np.ndarray) -> list[float]:
    """Marks [N], log-probabilities [N, 8] -> a number for each mark, found one after the other."""
    expected, biases = MERGED[marks], np.zeros(len(MARKS), np.float32)
    groups = [np.flatnonzero(MERGED == mark) for mark in (COMMA, STOP, QUESTION)]
    for _ in range(ROUNDS):
        for group in groups:
            scores = []
            for step in STEPS:
                tried = biases.copy()
                tried[group] = step
                scores.append(together(expected, MERGED[(log_probs + tried).argmax(1)]))
            biases[group] = STEPS[int(np.argmax(scores))]
    return [round(float(bias), 2) for bias in biases]


def tune_cases(cases: np.ndarray, log_probs: np.ndarray) -> list[float]:
    """Cases [N] and log-probabilities [N, 4] -> a number for each case, 0 for lower."""
    told = cases != IGNORED
    capital, log_probs = cases[told] != LOWER, log_probs[told]
    tried = [np.array([0, step, step, step], np.float32) for step in STEPS]
    scores = [f1(capital, (log_probs + biases).argmax(1) != LOWER) for biases in tried]
    return [round(float(bias), 2) for bias in tried[int(np.argmax(scores))]]


def f1(expected: np.ndarray, found: np.ndarray) -> float:
    return 2 * int((expected & found).sum()) / max(int(expected.sum() + found.sum()), 1)


def together(expected: np.ndarray, found: np.ndarray) -> float:
    """F1 of comma, full stop and question mark, micro."""
    right = int(((expected == found) & (expected != NONE)).sum())
    return 2 * right / max(int((expected != NONE).sum() + (found != NONE).sum()), 1)
