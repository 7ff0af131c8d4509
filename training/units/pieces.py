"""Made-up word pieces, for models that were trained on no text."""

import itertools
import random

from training.units.text import SPACE, Units

ONSETS = (
    "",
    *"BDFGHJKLMNPRSTVWZ",
    "BR",
    "CH",
    "DR",
    "FL",
    "GR",
    "KL",
    "PL",
    "QU",
    "SH",
    "SK",
    "SP",
    "ST",
    "SW",
    "TH",
    "TR",
)
NUCLEI = ("A", "E", "I", "O", "U", "AY", "EE", "OO", "OU")
CODAS = ("", *"DKLMNRST", "ND", "NG")
STARTS = 0.6  # share of the pieces that begin a word


def word_pieces(count: int, seed: int) -> Units:
    """<blank>, <unk>, count − 3 pieces and <sos/eos>. Raises ValueError where the syllables do not suffice."""
    syllables = ["".join(parts) for parts in itertools.product(ONSETS, NUCLEI, CODAS)]
    order = random.Random(seed)
    starts = round((count - 3) * STARTS)
    if not 0 <= starts <= len(syllables):
        raise ValueError(f"cannot make up {count} units from {len(syllables)} syllables")
    chosen = [SPACE + s for s in order.sample(syllables, starts)] + order.sample(syllables, count - 3 - starts)
    order.shuffle(chosen)
    return Units(("<blank>", "<unk>", *chosen, "<sos/eos>"))
