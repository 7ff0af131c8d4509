"""Sentences of plain text to be read aloud: for the many words that commands, numbers and dates do not have."""

import random as python_random
import re
from collections.abc import Iterable, Iterator

from training.text import normalise

WORDS = (4, 32)
SPOKEN = {"Mr.": "Mister", "Mrs.": "Missus", "Dr.": "Doctor", "St.": "Saint", "Messrs.": "Messieurs"}
PLAIN = re.compile(r"[A-Za-z ,.;:!?'-]+")
# What a synthesiser may read in another way than it is written: initials, Roman numbers, words in capitals.
UNSURE = re.compile(r"\b([B-HJ-Z]|[IVXLC]{2,}|[A-Z]\.)(?![a-z'])")
SHARED_RUN = 4


def reading_sentences(texts: list[str], held_out: Iterable[str], seed: int) -> Iterator[str]:
    """Sentences and half-sentences of all texts in random order, each once, without those that share two runs of four
    words with a text of the development or test parts (the same book, or a quotation of it)."""
    held = {run for text in held_out for run in runs(text)}
    found = sorted({s for text in texts for s in split(text) if sum(run in held for run in runs(s)) < 2})
    python_random.Random(seed).shuffle(found)
    yield from found


def split(text: str) -> Iterator[str]:
    """At full stops, semicolons and colons; what has other signs than letters and simple punctuation is left out."""
    text = re.sub(r"[_*\[\]()\"“”]", "", text).replace("’", "'").replace("—", ", ").replace("--", ", ")
    for short, spoken in SPOKEN.items():
        text = re.sub(rf"\b{re.escape(short)}", spoken, text)
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in re.split(r"(?<=[.!?;:])\s+", " ".join(paragraph.split())):
            sentence = sentence.strip(" -'")
            fits = WORDS[0] <= len(sentence.split()) <= WORDS[1]
            if fits and PLAIN.fullmatch(sentence) and not UNSURE.search(sentence):
                yield sentence


def runs(sentence: str) -> list[tuple[str, ...]]:
    words = normalise(sentence).split()
    return [tuple(words[at : at + SHARED_RUN]) for at in range(len(words) - SHARED_RUN + 1)]
