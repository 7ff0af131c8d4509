"""Precision, recall and F1 of marks and capitals.

As in published work a comma, a full stop and a question mark are scored; ! counts as a full stop, and so does ; while
: and — count as commas. `together` is over all three (micro). A capital is a word with any upper-case letter; `written`
are capitals as a text has them in which every sentence begins with one, the first too.
"""

from dataclasses import dataclass, field

import numpy as np

from training.punctuation.errors import IGNORED
from training.punctuation.labels import COMMA, LOWER, NONE, QUESTION, SENTENCE_ENDS, STOP

MERGED = np.array([NONE, COMMA, STOP, QUESTION, STOP, COMMA, STOP, COMMA])  # by mark
SCORED = {"comma": COMMA, "stop": STOP, "question": QUESTION}


@dataclass
class Counts:
    right: int = 0
    found: int = 0
    expected: int = 0

    def add(self, expected: np.ndarray, found: np.ndarray) -> None:
        self.right += int((expected & found).sum())
        self.found += int(found.sum())
        self.expected += int(expected.sum())

    @property
    def precision(self) -> float:
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.expected, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.found + self.expected, 1)

    def facts(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}


@dataclass
class Scores:
    """Of as many words as are added."""

    words: int = 0
    counts: dict[str, Counts] = field(default_factory=dict)

    def add(self, cases: np.ndarray, marks: np.ndarray, found_cases: np.ndarray, found_marks: np.ndarray) -> None:
        """All [N], the words of a text; a case that is IGNORED is not scored."""
        self.words += len(marks)
        expected, found = MERGED[marks], MERGED[found_marks]
        for name, mark in SCORED.items():
            self._of(name).add(expected == mark, found == mark)
            self._of("together").add(expected == mark, found == mark)
        told = cases != IGNORED
        self._of("capitals").add(cases[told] != LOWER, found_cases[told] != LOWER)
        begins = np.concatenate([[True], np.isin(found_marks[:-1], SENTENCE_ENDS)])
        self._of("written").add(cases[told] != LOWER, (found_cases != LOWER)[told] | begins[told])

    def facts(self) -> dict[str, dict[str, float]]:
        return {name: counts.facts() for name, counts in self.counts.items()}

    def f1(self) -> dict[str, float]:
        return {name: round(counts.f1, 4) for name, counts in self.counts.items()}

    def _of(self, name: str) -> Counts:
        return self.counts.setdefault(name, Counts())
