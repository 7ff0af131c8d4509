"""Commands, numbers, dates and spelled names, which no text has, as they are dictated: one sentence after the other."""

import random
from collections.abc import Iterator

from training.data.sentences import DAYS, MONTHS, sentences
from training.punctuation.labels import LOWER, NONE, STOP, TITLE, Labelled

KIND = "commands"
DOCUMENT_WORDS = 5000
PARAGRAPH_SENTENCES = (1, 40)
CAPITALS = {word.lower() for word in (*DAYS, *MONTHS)}


def command_documents(words: int, seed: int) -> Iterator[list[Labelled]]:
    """Documents of paragraphs, about so many words in all."""
    made_up, draw = sentences([], seed), random.Random(seed)
    for _ in range(words // DOCUMENT_WORDS):
        document, left = [], DOCUMENT_WORDS
        while left > 0:
            paragraph = Labelled()
            for _ in range(draw.randint(*PARAGRAPH_SENTENCES)):
                add_sentence(paragraph, next(made_up)[0].lower().split())
            document.append(paragraph)
            left -= len(paragraph.words)
        yield document


def add_sentence(paragraph: Labelled, words: list[str]) -> None:
    cases = [TITLE if len(word) == 1 or word in CAPITALS else LOWER for word in words]
    cases[0] = TITLE
    paragraph.words.extend(words)
    paragraph.cases.extend(cases)
    paragraph.marks.extend([NONE] * (len(words) - 1) + [STOP])
    paragraph.surfaces.extend(word.capitalize() if case == TITLE else word for word, case in zip(words, cases))
