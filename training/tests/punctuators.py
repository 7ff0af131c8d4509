"""Tiny punctuators for the engine's tests: one of random weights, one whose weights are set by hand."""

import json
import string
from pathlib import Path

import numpy as np
import torch

from training.punctuation.config import NetConfig
from training.punctuation.corpus import FORMS, TOKENS
from training.punctuation.graph import save_punctuator
from training.punctuation.labels import COMMA, LISTED, QUESTION, STOP, TITLE, UPPER
from training.punctuation.model import PAUSE_HIDDEN, Punctuator
from training.punctuation.pack import GRAPH, Pack, describe
from training.punctuation.pauses import UNKNOWN
from training.punctuation.pieces import PADDING, learn_pieces
from training.punctuation.pieces import UNKNOWN as UNKNOWN_PIECE
from training.units.learn import letters_of
from training.units.text import SPACE, Units

FIXTURES = Path("test/fixtures/punctuator")
RANDOM = NetConfig(size=16, blocks=2, hidden=24, kernel=5, heads=2, attention=[2], pair_rows=64, pair_size=8)
BY_HAND = NetConfig(size=8, blocks=0, pair_rows=0)
NAMES, INITIALS, QUESTIONS = ("nina", "london", "october"), ("nasa",), ("right", "there")
LISTED_FORMS = {"mcdonald": "McDonald", "iphone": "iPhone"}
WORDS = "the cat sat on that mat and nina slept she's mcdonald's o'brien zyx thirty-one été".split()


def write_pack(folder: Path, net: NetConfig, tensors: dict[str, torch.Tensor], units: Units, forms: dict[str, str], **facts: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENS).write_text(units.file())
    (folder / FORMS).write_text("".join(f"{word} {form}\n" for word, form in sorted(forms.items())))
    save_punctuator(tensors, net, folder / GRAPH)
    describe(folder, facts)


def write_random(folder: Path) -> None:
    """Windows of few pieces, so that a short text needs several; golden.json has what the recipe's own reader makes of it."""
    units = learn_pieces({"the": 50, "cat": 20, "that": 10, "slept": 5}, 70)
    torch.manual_seed(3)
    model = Punctuator(RANDOM, len(units))
    write_pack(folder, RANDOM, model.state_dict(), units, LISTED_FORMS, window=24, margin=5)
    random = np.random.default_rng(1)
    texts = []
    for length in (1, 6, 24, 40):
        words = [str(word) for word in random.choice(WORDS, length)]
        pauses = random.uniform(-0.3, 1, (length, 2)).round(3)
        pauses[pauses < 0] = UNKNOWN
        cases, marks = Pack(folder).label(words, pauses.astype(np.float32))
        texts.append({"words": words, "pauses": pauses.tolist(), "cases": rounded(cases), "marks": rounded(marks)})
    (folder / "golden.json").write_text("[" + ",\n".join(json.dumps(text) for text in texts) + "]\n")


def rounded(values: np.ndarray) -> list[list[float]]:
    return [[round(float(value), 4) for value in row] for row in values]


def write_by_hand(folder: Path) -> None:
    """A silence of 0.4 s and more after a word is a full stop, or after QUESTIONS a question mark; from 0.2 s on a comma."""
    listed = [SPACE + word for word in (*NAMES, *INITIALS, *LISTED_FORMS, *QUESTIONS)]
    units = Units((PADDING, UNKNOWN_PIECE, *letters_of(string.ascii_lowercase), *listed))
    model = Punctuator(BY_HAND, len(units))
    tensors = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
    title, upper, mixed, asks, short, long = range(6)
    # The last two of eight keep the norm's mean and variance where they are.
    tensors["norm.weight"] += 1
    embedding = tensors["piece_embedding.weight"]
    embedding[:, 6], embedding[:, 7] = 4, -4
    for words, feature in ((NAMES, title), (INITIALS, upper), (LISTED_FORMS, mixed), (QUESTIONS, asks)):
        for word in words:
            embedding[units.ids[SPACE + word], feature] = 2
    after = 3  # of the six features of silences: how long the one after is, in units of two seconds
    for unit, (feature, begins) in enumerate(((short, 0.075), (long, 0.175))):
        steep = 80  # from nothing to 2 within 0.05 s, and no further
        tensors["pause_embedding.weight"][2 * unit : 2 * unit + 2, after] = steep
        tensors["pause_embedding.bias"][2 * unit] = -steep * begins
        tensors["pause_embedding.bias"][2 * unit + 1] = -steep * begins - 2
        tensors["pause_projection.weight"][feature, 2 * unit] = 1
        tensors["pause_projection.weight"][feature, 2 * unit + 1] = -1
    assert 4 <= PAUSE_HIDDEN
    for case, feature in ((TITLE, title), (UPPER, upper), (LISTED, mixed)):
        tensors["case_head.weight"][case, feature] = 40
        tensors["case_head.bias"][case] = -12
    for mark, weights, bias in ((COMMA, {short: 40}, -12), (STOP, {short: 40, long: 40}, -24), (QUESTION, {short: 40, long: 40, asks: 40}, -36)):
        for feature, weight in weights.items():
            tensors["mark_head.weight"][mark, feature] = weight
        tensors["mark_head.bias"][mark] = bias
    write_pack(folder, BY_HAND, tensors, units, LISTED_FORMS, window=60, margin=10)
