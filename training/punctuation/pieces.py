"""Word pieces of lower-case words: SentencePiece's byte-pair encoding learns them, the longest that fits spells."""

import io
import string
from collections.abc import Iterable, Sequence

import numpy as np
import sentencepiece

from training.units.text import SPACE, Units

PADDING, UNKNOWN = "<pad>", "<unk>"


def learn_pieces(counts: dict[str, int], size: int) -> Units:
    """`size` pieces at most: padding is 0, and every letter and the apostrophe is there, at a word's beginning and within."""
    letters = [mark + c for mark in (SPACE, "") for c in "'" + string.ascii_lowercase]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(f"{word}\t{count}" for word, count in counts.items()),
        input_format="tsv",
        model_writer=model,
        model_type="bpe",
        vocab_size=size - 2,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        bos_id=-1,
        eos_id=-1,
        minloglevel=2,
    )
    learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [learned.id_to_piece(at) for at in range(1, learned.get_piece_size())]
    merged = [piece for piece in pieces if len(piece.removeprefix(SPACE)) > 1]
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
