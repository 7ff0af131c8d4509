"""python -m training.units --size 400 --output units.txt — learn word pieces from the prepared training texts.

Byte-pair encoding by SentencePiece, which WeNet uses too. An utterance's text counts as often as `--repeat` says of its
corpus. Only the pieces are kept: text is spelled by the longest one that fits (training/text.py).
"""

import argparse
import io
import string
from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from training.config import add_arguments, from_arguments
from training.data.corpus import Corpus
from training.text import SPACE, Units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--size", type=int, default=400, help="units, with <blank>, <unk> and <sos/eos>")
    parser.add_argument("--repeat", action="append", default=[], metavar="CORPUS=N")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    texts = training_texts(Corpus(Path(from_arguments(arguments).data.folder)), repeats(arguments.repeat))
    arguments.output.write_text(learn_units(texts, arguments.size).file())


def repeats(entries: list[str]) -> dict[str, int]:
    """["an4=80"] -> {"an4": 80}."""
    return {name: int(count) for name, _, count in (entry.partition("=") for entry in entries)}


def training_texts(corpus: Corpus, repeat: dict[str, int]) -> list[str]:
    """Each recording once, not its copies through codecs."""
    chosen = [u for u in corpus.select("train") if u.text and not u.variant]
    return [u.text for u in chosen for _ in range(repeat.get(u.corpus, 1))]


def learn_units(texts: Iterable[str], size: int) -> Units:
    """`size` units at most; every letter and the apostrophe are among them, at a word's beginning and within."""
    letters = [mark + c for mark in (SPACE, "") for c in "'" + string.ascii_uppercase]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
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
    # From <unk> on in the order in which they were learned, the most frequent first; single characters come last.
    pieces = [learned.id_to_piece(at) for at in range(1, learned.get_piece_size())]
    merged = [piece for piece in pieces if len(piece.removeprefix(SPACE)) > 1]
    return Units(("<blank>", "<unk>", *letters, *merged[: size - 3 - len(letters)], "<sos/eos>"))


if __name__ == "__main__":
    main()
