"""Word pieces learned from texts, by byte-pair encoding: SentencePiece, which WeNet uses too.

Only the pieces are kept: text is spelled by the longest one that fits (training/units/text.py).
"""

import io
import string
from collections.abc import Iterable

import sentencepiece

from training.units.text import SPACE, Units


def learn_units(texts: Iterable[str], size: int) -> Units:
    """`size` units at most; every letter and the apostrophe are among them, at a word's beginning and within."""
    letters = letters_of(string.ascii_uppercase)
    merged = merged_pieces(size - 2, sentence_iterator=iter(texts))
    return Units(("<blank>", "<unk>", *letters, *merged[: size - 3 - len(letters)], "<sos/eos>"))


def letters_of(alphabet: str) -> list[str]:
    """Each letter and the apostrophe, at a word's beginning and within."""
    return [mark + c for mark in (SPACE, "") for c in "'" + alphabet]


def merged_pieces(size: int, **source) -> list[str]:
    """Pieces of two letters and more, the most frequent first; `source`: SentencePiece's options of where sentences come from."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        **source,
        model_writer=model,
        model_type="bpe",
        vocab_size=size,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        bos_id=-1,
        eos_id=-1,
        minloglevel=2,
    )
    learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    # From <unk> on in the order in which they were learned; single characters come last.
    pieces = [learned.id_to_piece(at) for at in range(1, learned.get_piece_size())]
    return [piece for piece in pieces if len(piece.removeprefix(SPACE)) > 1]
