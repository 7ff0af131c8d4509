"""The texts as whole documents: SOURCES.tsv tells how many words each has, in the order of the file."""

import csv
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TRAIN, DEVELOPMENT, TEST = "train", "development", "test"
LARGEST_PART = 12  # of a kind's words, about one in so many is held out in each set at most
LEAST = 3  # documents that a set should be made of


@dataclass(frozen=True)
class Document:
    kind: str  # the file's name without endings
    title: str
    paragraphs: tuple[str, ...]


def kinds(source: Path) -> dict[str, list[tuple[str, int]]]:
    """Title and words of every document, by kind."""
    found: dict[str, list[tuple[str, int]]] = {}
    with open(source / "SOURCES.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["file"].removesuffix(".txt"), []).append((row["title"], int(row["words"])))
    return found


def read_documents(source: Path, kind: str, listed: list[tuple[str, int]]) -> Iterator[Document]:
    """Raises ValueError where a document does not end at a line's end: then the list is not this file's."""
    with lzma.open(source / f"{kind}.txt.xz", "rt") as lines:
        for title, words in listed:
            paragraphs, left = [], words
            while left > 0:
                line = next(lines, None)
                if line is None:
                    raise ValueError(f"{kind}: the file ends within {title}")
                paragraphs.append(line.strip())
                left -= len(line.split())
            if left < 0:
                raise ValueError(f"{kind}: {title} does not end at a line's end")
            yield Document(kind, title, tuple(paragraphs))


def assign(listed: list[tuple[str, int]], development_words: int, test_words: int, seed: int, kind: str) -> list[str]:
    """The set of each document. Those of one title stay together."""
    titles: dict[str, int] = {}
    for title, words in listed:
        titles[title] = titles.get(title, 0) + words
    order = sorted(titles)
    random.Random(f"{seed} {kind}").shuffle(order)
    most, sets = sum(titles.values()) // LARGEST_PART, dict.fromkeys(titles, TRAIN)
    for name, goal in ((TEST, test_words), (DEVELOPMENT, development_words)):
        left = goal = min(goal, most)
        # Large ones only where the others are too few, the smallest of them first.
        for title in sorted(order, key=lambda title: titles[title] if titles[title] * LEAST > goal else 0):
            if left > 0 and sets[title] == TRAIN:
                sets[title], left = name, left - titles[title]
    return [sets[title] for title, _ in listed]
