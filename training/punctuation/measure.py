"""python -m training.punctuation.measure --pack FOLDER [--set text.folder=…] — a pack's F1 on the held-out documents, by kind.

Reference words and 20 % wrong ones, without pauses and with simulated ones: of who reads aloud, and of who speaks freely. --tune FILE finds on the development
documents what to add to the log-odds for the best F1 and writes it for `export --bias`.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from training.config import add_arguments
from training.punctuation.commands import KIND as COMMANDS
from training.punctuation.config import from_arguments
from training.punctuation.corpus import Place, TextCorpus
from training.punctuation.documents import DEVELOPMENT, TEST
from training.punctuation.errors import Words, with_errors
from training.punctuation.pack import Pack, describe
from training.punctuation.pauses import FREE, READ, UNKNOWN, Manner, draw_silences, features
from training.punctuation.scores import Scores
from training.punctuation.tune import tune_cases, tune_marks
from training.punctuation.windows import words_between

WRONG = 0.2
CONDITIONS: dict[str, tuple[float, Manner | None]] = {  # rate of wrong words, manner of the pauses if they are known
    "text": (0.0, None),
    "pauses": (0.0, READ),
    "free pauses": (0.0, FREE),
    "wrong": (WRONG, None),
    "wrong, pauses": (WRONG, READ),
    "wrong, free pauses": (WRONG, FREE),
}
COLUMNS = ("comma", "stop", "question", "together", "capitals", "written")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--words", type=int, default=20_000, help="of each kind at most, the same number of each document")
    parser.add_argument("--tune", type=Path)
    parser.add_argument("--write", action="store_true", help="into the pack's description")
    arguments = parser.parse_args()
    config, pack = from_arguments(arguments), Pack(arguments.pack)
    measure = Measure(pack, TextCorpus(Path(config.text.folder)), arguments.words, config.seed)
    if arguments.tune:
        cases, marks, case_odds, mark_odds = measure.outputs(DEVELOPMENT)
        biases = {"cases": tune_cases(cases, case_odds), "marks": tune_marks(marks, mark_odds)}
        print(biases)
        arguments.tune.write_text(json.dumps(biases) + "\n")
        return
    table = measure.table()
    if arguments.write:
        facts = {name: pack.facts[name] for name in ("window", "margin", "training")}
        describe(arguments.pack, facts | {"error_rates": table})


class Measure:
    def __init__(self, pack: Pack, corpus: TextCorpus, words: int, seed: int):
        self.pack, self.corpus, self.words, self.seed = pack, corpus, words, seed

    def table(self) -> dict:
        """Prints a line for each kind and condition; F1 by condition and kind, the words of all texts together as `all`."""
        found: dict[str, dict] = {}
        for condition, (rate, manner) in CONDITIONS.items():
            everything, by_kind, seconds = Scores(), {}, 0.0
            for kind, texts in self.texts(TEST).items():
                scores = Scores()
                for number, x in enumerate(texts):
                    x, pauses = self.altered(x, number, rate, manner)
                    began = time.perf_counter()
                    cases, marks = self.label(x, pauses)
                    seconds += time.perf_counter() - began
                    for each in (scores,) if kind == COMMANDS else (scores, everything):
                        each.add(x.cases, x.marks, cases.argmax(1), marks.argmax(1))
                by_kind[kind] = scores
            by_kind["all"] = everything
            for kind, scores in by_kind.items():
                values = " ".join(f"{scores.counts[name].f1:.3f}" for name in COLUMNS)
                print(f"{condition:18} {kind:18} {scores.words:7} {values}", flush=True)
            found[condition] = {kind: scores.f1() for kind, scores in by_kind.items()}
            found[condition]["all"] = everything.facts()
            print(f"{condition:18} {1000 * seconds / everything.words:.3f} ms a word")
        return found

    def outputs(self, part: str) -> list[np.ndarray]:
        """Cases and marks [N], their log-probabilities [N, 4] and [N, 8], in every condition with pauses one after the other:
        the engine always knows them."""
        found = []
        for rate, manner in (x for x in CONDITIONS.values() if x[1]):
            for texts in self.texts(part).values():
                for number, x in enumerate(texts):
                    x, pauses = self.altered(x, number, rate, manner)
                    found.append((x.cases, x.marks, *self.label(x, pauses)))
        return [np.concatenate(column) for column in zip(*found)]

    def texts(self, part: str) -> dict[str, list[Words]]:
        """Of each kind about `words`: the documents' beginnings, as many words of each but 200 at least."""
        by_kind: dict[str, list[Place]] = {}
        for place in self.corpus.of(part):
            by_kind.setdefault(place.kind, []).append(place)
        found: dict[str, list[Words]] = {}
        for kind, places in by_kind.items():
            left, most = self.words, max(200, self.words // len(places))
            for place in places:
                if left > 0:
                    found.setdefault(kind, []).append(words_between(self.corpus, place.start, min(place.end, place.start + most)))
                    left -= len(found[kind][-1].words)
        return found

    def altered(self, x: Words, number: int, rate: float, manner: Manner | None) -> tuple[Words, np.ndarray | None]:
        random = np.random.default_rng([self.seed, number, int(100 * rate), manner is not None])
        if rate:
            others = np.asarray(self.corpus.words)[random.integers(len(self.corpus.words), size=len(x.words))]
            x = with_errors(x, rate, others.astype(np.int64), random)
        if manner is None:
            return x, None
        after = draw_silences(x.marks, x.paragraph_ends, random, manner)
        return x, features(np.concatenate([[UNKNOWN], after[:-1]]), after)

    def label(self, x: Words, pauses: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        return self.pack.label([self.corpus.vocabulary[word] for word in x.words], pauses)


if __name__ == "__main__":
    main()
