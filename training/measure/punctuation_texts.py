"""python -m training.measure.punctuation_texts [--set text.folder=…] [--words N] — held-out texts as `npm run bench -- readable` reads them.

A JSON line for each text and condition, the same as training.punctuation.measure scores: kind, made_up, condition, words, pauses
(as the graph takes them; null: unknown), cases (-100: nobody can tell) and marks.
"""

import argparse
import json
from pathlib import Path

from training.config import add_arguments
from training.punctuation.commands import KIND as COMMANDS
from training.punctuation.config import from_arguments
from training.punctuation.corpus import TextCorpus
from training.punctuation.documents import TEST
from training.punctuation.measure import CONDITIONS, Measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--words", type=int, default=20_000, help="of each kind at most")
    arguments = parser.parse_args()
    config = from_arguments(arguments)
    corpus = TextCorpus(Path(config.text.folder))
    measure = Measure(None, corpus, arguments.words, config.seed)
    for condition, (rate, manner) in CONDITIONS.items():
        for kind, texts in measure.texts(TEST).items():
            for number, text in enumerate(texts):
                x, pauses = measure.altered(text, number, rate, manner)
                words = [corpus.vocabulary[word] for word in x.words]
                line = {"kind": kind, "made_up": kind == COMMANDS, "condition": condition, "words": words}
                line["pauses"] = None if pauses is None else pauses.round(4).tolist()
                print(json.dumps(line | {"cases": x.cases.tolist(), "marks": x.marks.tolist()}))


if __name__ == "__main__":
    main()
