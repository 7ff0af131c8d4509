"""Sentences of plain text to be read aloud: for the many words that commands, numbers and dates do not have."""

import lzma
import random as python_random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.data.spoken_numbers import say_figures
from training.units.text import normalise

WORDS = (4, 32)
SPOKEN = {"Mr.": "Mister", "Mrs.": "Missus", "Dr.": "Doctor", "St.": "Saint", "Messrs.": "Messieurs"}
PLAIN = re.compile(r"[A-Za-z ,.;:!?'-]+")
# What a synthesiser may read in another way than it is written: initials, Roman numbers, words in capitals.
UNSURE = re.compile(r"\b([B-HJ-Z]|[IVXLC]{2,}|[A-Z]\.)(?![a-z'])")
SHARED_RUN = 4


def reading_sentences(texts: list[str], held_out: Iterable[str], seed: int) -> Iterator[str]:
    """Sentences and half-sentences of all texts in random order, each once, that a synthesiser reads as they are written."""
    found = sorted({s for text in texts for s in split(text) if can_be_read(s)})
    kept = list(without_held_out(found, held_out))
    python_random.Random(seed).shuffle(kept)
    yield from kept


def read_text(file: Path) -> str:
    """Of a plain or an .xz file. Where there is no empty line, every line is a paragraph."""
    content = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    text = content.decode(errors="ignore")
    return text if re.search(r"\n\s*\n", text) else text.replace("\n", "\n\n")


def written_sentences(texts: Iterable[str], held_out: Iterable[str]) -> Iterator[str]:
    """All sentences of all texts, normalised, each once, figures in words; those where that is not sure are left out."""
    said = (say_figures(s) for text in texts for s in split(text))
    found = sorted({normalise(s) for s in said if s})
    yield from without_held_out((s for s in found if s), held_out)


def without_held_out(sentences: Iterable[str], held_out: Iterable[str]) -> Iterator[str]:
    """Without those that share two runs of four words with a text of the development or test parts (the same book, or a
    quotation of it)."""
    held = {run for text in held_out for run in runs(text)}
    return (s for s in sentences if sum(run in held for run in runs(s)) < 2)


def split(text: str) -> Iterator[str]:
    """At full stops, semicolons and colons."""
    text = re.sub(r"[_*\[\]()\"“”]", "", text).replace("’", "'").replace("—", ", ").replace("--", ", ")
    for short, spoken in SPOKEN.items():
        text = re.sub(rf"\b{re.escape(short)}", spoken, text)
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in re.split(r"(?<=[.!?;:])\s+", " ".join(paragraph.split())):
            yield sentence.strip(" -'")


def can_be_read(sentence: str) -> bool:
    fits = WORDS[0] <= len(sentence.split()) <= WORDS[1]
    return fits and bool(PLAIN.fullmatch(sentence)) and not UNSURE.search(sentence)


def runs(sentence: str) -> list[tuple[str, ...]]:
    words = normalise(sentence).split()
    return [tuple(words[at : at + SHARED_RUN]) for at in range(len(words) - SHARED_RUN + 1)]
