"""What `prepare` leaves: words and labels of all documents in two arrays, their places, vocabulary, pieces, listed forms."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.punctuation.pieces import Speller
from training.units.text import Units, read_units

TOKENS, FORMS = "punctuator.tokens.txt", "punctuator.words.txt"
PARAGRAPH_END = 32  # in a label: case | mark << 2 | PARAGRAPH_END


@dataclass(frozen=True)
class Place:
    kind: str
    title: str
    part: str
    start: int
    end: int


def pack_labels(cases: np.ndarray, marks: np.ndarray) -> np.ndarray:
    return (cases | marks << 2).astype(np.uint8)


class TextCorpus:
    def __init__(self, folder: Path):
        self.words = np.load(folder / "words.npy", mmap_mode="r")
        self.labels = np.load(folder / "labels.npy", mmap_mode="r")
        self.vocabulary = (folder / "vocabulary.txt").read_text().split("\n")[:-1]
        self.units: Units = read_units(folder / TOKENS)
        self.forms = dict(line.split() for line in (folder / FORMS).read_text().splitlines())
        with open(folder / "documents.tsv", newline="") as file:
            rows = csv.reader(file, delimiter="\t")
            self.places = [Place(kind, title, part, int(start), int(end)) for kind, title, part, start, end in rows]

    def speller(self) -> Speller:
        return Speller(self.units, self.vocabulary)

    def of(self, part: str) -> list[Place]:
        return [place for place in self.places if place.part == part and place.end > place.start]
