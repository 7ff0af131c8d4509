"""python -m training.punctuation.prepare [--config FILE] — texts to words with labels, pieces and listed forms.

Whole documents of every kind are held out as `development` and `test`; pieces and listed forms come from the rest alone.
"""

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from training.progress import Progress
from training.config import add_arguments
from training.punctuation.commands import DOCUMENT_WORDS, KIND as COMMANDS, command_documents
from training.punctuation.config import PunctuationConfig, from_arguments
from training.punctuation.corpus import FORMS, PARAGRAPH_END, TOKENS, pack_labels
from training.punctuation.documents import TRAIN, assign, kinds, read_documents
from training.punctuation.labels import LISTED, LOWER, TITLE, Labelled, Labeller
from training.punctuation.pieces import learn_pieces

LISTED_TIMES, LISTED_DOCUMENTS = 5, 3  # a mixture of cases is listed when it is found so often, in so many documents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    prepare(from_arguments(parser.parse_args()))


def prepare(config: PunctuationConfig) -> None:
    folder, source = Path(config.text.folder), Path(config.text.source)
    folder.mkdir(parents=True, exist_ok=True)
    ids, mixed = {}, Mixed()
    words, labels, places, counts, total = [], [], [], Counter(), 0
    for kind, title, part, paragraphs in labelled_documents(config, source):
        start = total
        for found in paragraphs:
            if not found.words:
                continue
            mixed.add(found, total, len(places), part == TRAIN)
            numbers = [ids.setdefault(word, len(ids)) for word in found.words]
            words.append(np.array(numbers, np.int32))
            labels.append(pack_labels(np.array(found.cases), np.array(found.marks)))
            labels[-1][-1] |= PARAGRAPH_END
            total += len(numbers)
            if part == TRAIN and kind != COMMANDS:  # pieces are those of texts
                counts.update(found.words)
        places.append((kind, title, part, start, total))
    forms = mixed.forms()
    every_label = np.concatenate(labels)
    mixed.settle(every_label, forms)
    np.save(folder / "words.npy", np.concatenate(words))
    np.save(folder / "labels.npy", every_label)
    (folder / "vocabulary.txt").write_text("".join(f"{word}\n" for word in ids))
    (folder / FORMS).write_text("".join(f"{word} {form}\n" for word, form in sorted(forms.items())))
    with open(folder / "documents.tsv", "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(places)
    units = learn_pieces({word: n for word, n in counts.items() if n > 1}, config.text.pieces)
    (folder / TOKENS).write_text(units.file())
    print(f"{total} words, {len(ids)} different, {len(units)} pieces, {len(forms)} listed forms")


def labelled_documents(config: PunctuationConfig, source: Path) -> Iterator[tuple[str, str, str, Iterable[Labelled]]]:
    """Kind, title, set and paragraphs of every document, those made up last."""
    c, listed, labeller = config.text, kinds(source), Labeller()
    progress = Progress("documents", sum(map(len, listed.values())))
    for kind, documents in listed.items():
        parts = assign(documents, c.development_words, c.test_words, config.seed, kind)
        for document, part in zip(read_documents(source, kind, documents), parts):
            yield kind, document.title, part, map(labeller, document.paragraphs)
            progress.step()
    made_up = list(command_documents(c.commands, config.seed))
    sizes = [(f"{COMMANDS} {number}", DOCUMENT_WORDS) for number in range(len(made_up))]
    parts = assign(sizes, c.development_words, c.test_words, config.seed, COMMANDS)
    for (title, _), part, paragraphs in zip(sizes, parts, made_up):
        yield COMMANDS, title, part, paragraphs


class Mixed:
    """Words that are neither lower case nor Title nor UPPER, and where they stand."""

    def __init__(self):
        self.at: list[tuple[int, str]] = []
        self.times: Counter[str] = Counter()
        self.documents: dict[str, set[int]] = defaultdict(set)

    def add(self, found, start: int, document: int, counted: bool) -> None:
        for n, case in enumerate(found.cases):
            if case == LISTED:
                self.at.append((start + n, found.surfaces[n]))
                if counted:
                    self.times[found.surfaces[n]] += 1
                    self.documents[found.surfaces[n]].add(document)

    def forms(self) -> dict[str, str]:
        """The most frequent form of a word, if it is found often enough in documents to train on."""
        found: dict[str, str] = {}
        for form, times in self.times.most_common():
            if times >= LISTED_TIMES and len(self.documents[form]) >= LISTED_DOCUMENTS:
                found.setdefault(form.lower(), form)
        return found

    def settle(self, labels: np.ndarray, forms: dict[str, str]) -> None:
        """A form that is not listed counts as Title if it begins with a capital, else as lower case."""
        for at, surface in self.at:
            if forms.get(surface.lower()) != surface:
                labels[at] = int(labels[at]) & ~3 | (TITLE if surface[0].isupper() else LOWER)


if __name__ == "__main__":
    main()
