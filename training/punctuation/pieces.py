"""Word pieces of lower-case words: SentencePiece's byte-pair encoding learns them, the longest that fits spells."""

import string
from collections.abc import Iterable, Sequence

import numpy as np

from training.units.learn import letters_of, merged_pieces
from training.units.text import SPACE, Units

PADDING, UNKNOWN = "<pad>", "<unk>"


def learn_pieces(counts: dict[str, int], size: int) -> Units:
    """`size` pieces at most: padding is 0, and every letter and the apostrophe is there, at a word's beginning and within."""
    letters = letters_of(string.ascii_lowercase)
    counted = (f"{word}\t{count}" for word, count in counts.items())
    merged = merged_pieces(size - 2, sentence_iterator=counted, input_format="tsv")
    return Units((PADDING, UNKNOWN, *letters, *merged[: size - 2 - len(letters)]))


class Speller:
    """The pieces of every word of a vocabulary, one after the other in one array."""

    def __init__(self, units: Units, vocabulary: Sequence[str]):
        spelled = [units.spell(SPACE + word) for word in vocabulary]
        self.lengths = np.array([len(ids) for ids in spelled], np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.pieces = np.array([i for ids in spelled for i in ids], np.int64)

    def __call__(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pieces of the words [P], and the number of pieces of each word."""
        lengths = self.lengths[words]
        first = np.repeat(self.starts[words] - (np.cumsum(lengths) - lengths), lengths)
        return self.pieces[first + np.arange(len(first))], lengths


def spell_words(units: Units, words: Iterable[str]) -> list[list[int]]:
    return [units.spell(SPACE + word) for word in words]
