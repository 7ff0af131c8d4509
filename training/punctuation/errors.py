"""Wrong words as a recogniser's: words put in the place of others, left out, put in; words drawn by their frequency."""

from dataclasses import dataclass

import numpy as np

from training.punctuation.labels import LOWER, NONE, SENTENCE_ENDS, TITLE

SUBSTITUTED, DELETED = 0.6, 0.2  # of the wrong words; the others are put in
IGNORED = -100  # a case that nobody can tell: of a wrong word within a sentence


@dataclass
class Words:
    """Parallel over words: numbers, cases (or IGNORED), marks, whether a paragraph ends."""

    words: np.ndarray
    cases: np.ndarray
    marks: np.ndarray
    paragraph_ends: np.ndarray


def with_errors(x: Words, rate: float, others: np.ndarray, random: np.random.Generator) -> Words:
    """`rate` of the words wrong. `others` are words of running text, at least as many as there are words.

    A deleted word's mark goes to the word before it, unless that has one; a sentence's first word stays a capital.
    """
    n = len(x.words)
    kind, fate = random.random(n) < rate, random.random(n)
    substituted = kind & (fate < SUBSTITUTED)
    deleted = kind & (fate >= SUBSTITUTED) & (fate < SUBSTITUTED + DELETED)
    inserted = kind & (fate >= SUBSTITUTED + DELETED)
    deleted[0] = False
    words, cases, marks, ends = x.words.copy(), x.cases.astype(np.int64), x.marks.copy(), x.paragraph_ends.copy()
    words[substituted] = others[:n][substituted]
    begins = np.concatenate([[False], np.isin(x.marks[:-1], SENTENCE_ENDS)])
    cases[substituted] = np.where(begins[substituted], TITLE, IGNORED)
    for at in np.flatnonzero(deleted)[::-1]:
        stronger = marks[at] != NONE and marks[at - 1] not in SENTENCE_ENDS
        if stronger and (marks[at - 1] == NONE or marks[at] in SENTENCE_ENDS):
            marks[at - 1] = marks[at]
        ends[at - 1] |= ends[at]
    for at in np.flatnonzero(deleted & begins):
        if at + 1 < n and not deleted[at + 1] and cases[at + 1] == LOWER:
            cases[at + 1] = TITLE
    kept = ~deleted
    words, cases, marks, ends = words[kept], cases[kept], marks[kept], ends[kept]
    before = np.flatnonzero(inserted[kept])
    before = before[before > 0]
    first = np.isin(marks[before - 1], SENTENCE_ENDS)  # put in at a sentence's beginning: it is its first word now
    new_case = np.where(first, TITLE, IGNORED)
    demoted = before[first & (cases[before] == TITLE)]
    cases[demoted] = IGNORED
    return Words(
        np.insert(words, before, others[::-1][: len(before)]),
        np.insert(cases, before, new_case),
        np.insert(marks, before, NONE),
        np.insert(ends, before, False),
    )
