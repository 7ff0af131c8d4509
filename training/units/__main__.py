"""python -m training.units --size 400 --output units.txt — learn word pieces from the prepared training texts.

An utterance's text counts as often as `--repeat` says of its corpus.
"""

import argparse
from pathlib import Path

from training.config import add_arguments, from_arguments
from training.data.corpus import Corpus
from training.data.texts import repeats, training_texts
from training.units.learn import learn_units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--size", type=int, default=400, help="units, with <blank>, <unk> and <sos/eos>")
    parser.add_argument("--repeat", action="append", default=[], metavar="CORPUS=N")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    texts = training_texts(Corpus(Path(from_arguments(arguments).data.folder)), repeats(arguments.repeat))
    arguments.output.write_text(learn_units(texts, arguments.size).file())


if __name__ == "__main__":
    main()
