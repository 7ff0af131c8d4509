"""python -m training.language_model --output lm.bin [--texts FILE…] [--repeat an4=10] — an n-gram model over the units.

Of the prepared training texts, of every sentence of plain text files (.xz too), each of those once, and of numbers, dates
and commands made up as `training.data.synthesise` makes them. What is said in held-out recordings is left out. The search
weighs it beside CTC: `training.export --language-model lm.bin`.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from training.config import Config, add_arguments, from_arguments
from training.data.corpus import Corpus
from training.data.reading import read_text, written_sentences
from training.data.sentences import sentences
from training.data.texts import repeats, training_texts
from training.language_model.kneser_ney import estimate
from training.language_model.ngram_file import SCORE_BITS, shape_of, write_ngrams
from training.language_model.pruning import prune_to
from training.units.text import SPACE, Units, units_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--texts", type=Path, nargs="+", default=[], help="plain text")
    parser.add_argument("--repeat", action="append", default=[], metavar="CORPUS=N", help="how often its texts count")
    parser.add_argument("--order", type=int, default=5, help="longest n-gram, in units")
    parser.add_argument("--cutoff", type=int, default=1, help="leave out n-grams of 3 and more that were counted so often")
    parser.add_argument("--commands", type=int, default=0, help="so many made-up numbers, dates and commands")
    parser.add_argument("--megabytes", type=float, help="leave out what is missed least until the file is so small")
    parser.add_argument("--score-bits", type=int, default=SCORE_BITS, help="of a log probability in the file")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    config = from_arguments(arguments)
    corpus, units = Corpus(Path(config.data.folder)), units_of(config)
    held_out = [u.text for u in corpus.utterances if u.part != "train"]
    spoken = training_texts(corpus, repeats(arguments.repeat))
    written = written_sentences(map(read_text, arguments.texts), held_out)
    made_up = (text for text, _ in islice(sentences([], config.seed), arguments.commands))
    boundary, bits = len(units) - 1, arguments.score_bits
    texts = spell(units, [*spoken, *made_up, *written])
    orders, threshold = estimate(texts, len(units), boundary, arguments.order, arguments.cutoff), 0.0
    if arguments.megabytes:
        orders, threshold = prune_to(orders, lambda pruned: shape_of(pruned, bits).bytes, arguments.megabytes * 1e6)
    write_ngrams(orders, prior_of(corpus, units, config), arguments.output, bits)
    facts = {"ngrams": [len(order.token) for order in orders], "threshold": threshold}
    print(json.dumps(facts | {"bytes": arguments.output.stat().st_size}))


def prior_of(corpus: Corpus, units: Units, config: Config) -> np.ndarray:
    """Log probability of each unit in the training texts, as often as training hears them, float64 [V]."""
    counts = np.full(len(units), 0.5)
    for name, c in config.data.corpora.items():
        for ids in spell(units, (u.text for u in corpus.select("train", name) if not u.variant)):
            np.add.at(counts, ids, c.weight)
    return np.log(counts / counts.sum())


def spell(units: Units, texts: Iterable[str]) -> Iterator[list[int]]:
    """Token ids of each text as `units.encode` gives them, each word spelled once: words are few, texts are many."""
    known: dict[str, list[int]] = {}
    between = [] if units.kind == "bpe" else units.spell(SPACE)
    for text in texts:
        ids: list[int] = []
        for at, word in enumerate(text.split()):
            if word not in known:
                known[word] = units.encode(word)
            ids += [*(between if at else ()), *known[word]]
        yield ids
