"""python -m training.punctuation.recordings --output FILE MANIFEST… — recordings whose words the texts have, with the texts' marks.

For `npm run bench -- readable --speech FILE`: columns path, transcript, text, part (of the texts: train, development or test) and title.
A recording is taken when the same words in the same order, up to a fifth of them, are in one place of the prepared texts.
--joined FOLDER makes one WAV there of those that follow each other (…-0007, …-0008), so that sentences go on across them.
"""

import argparse
import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import soundfile

from training.config import CorpusConfig, add_arguments
from training.data.audio import read_audio
from training.data.prepare import read_sources
from training.model.frontend import SAMPLE_RATE
from training.punctuation.config import from_arguments
from training.punctuation.corpus import PARAGRAPH_END, TextCorpus
from training.punctuation.labels import LISTED, MARKS, SPOKEN, TITLE, UPPER

RUN = 5  # words in a row that point to a place
SHARE = 0.8  # of a recording's words that its place must have
COLUMNS = ("path", "transcript", "text", "part", "title")
UNKNOWN = -1
FILTER_BITS = 24
NUMBERED = re.compile(r"(.*-)(\d+)\.\w+$")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("manifests", type=Path, nargs="+")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--joined", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    texts = WrittenTexts(TextCorpus(Path(from_arguments(arguments).text.folder)))
    rows = []
    for manifest in arguments.manifests:
        sources = list(read_sources(manifest.parent.name, CorpusConfig(folder=str(manifest.parent))))
        found = texts.find([source.text.lower().replace("-", " ").split() for source in sources])
        rows += [(sources[n].path, sources[n].text, *written) for n, written in sorted(found.items())]
        print(f"{manifest}: {len(found)} of {len(sources)} recordings")
    if arguments.joined:
        arguments.joined.mkdir(parents=True, exist_ok=True)
        rows = [join(run, arguments.joined) for run in runs(rows)]
    lines = ["\t".join(row) for row in (COLUMNS, *rows)]
    arguments.output.write_text("\n".join([*lines, ""]), "utf-8")


class WrittenTexts:
    def __init__(self, corpus: TextCorpus):
        self.corpus = corpus
        self.numbers = {word: n for n, word in enumerate(corpus.vocabulary)}
        self.words = np.asarray(corpus.words).astype(np.int64)
        for written, spoken in SPOKEN.items():  # transcripts have them as they are spoken
            if written in self.numbers:
                self.words[self.words == self.numbers[written]] = self.numbers.setdefault(spoken, len(self.numbers))
        self.starts = np.array([place.start for place in corpus.places])

    def find(self, utterances: list[list[str]]) -> dict[int, tuple[str, str, str]]:
        """Of utterances in lower-case words: number -> text with marks and capitals, part and title of its document."""
        numbered = [np.array([self.numbers.get(word, UNKNOWN) for word in words], np.int64) for words in utterances]
        wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for n, numbers in enumerate(numbered):
            for at, key in enumerate(keys(numbers)):
                wanted[int(key)].append((n, at))
        starts: dict[int, Counter[int]] = defaultdict(Counter)
        have = keys(self.words)
        may = np.zeros(1 << FILTER_BITS, bool)  # sorting 33 million keys would take minutes
        may[np.fromiter(wanted, np.uint64, len(wanted)) >> np.uint64(64 - FILTER_BITS)] = True
        for at in np.flatnonzero(may[have >> np.uint64(64 - FILTER_BITS)]):
            for n, offset in wanted.get(int(have[at]), ()):
                starts[n][int(at) - offset] += 1
        found = {}
        for n, counter in starts.items():
            written = self.written(utterances[n], numbered[n], counter.most_common(1)[0][0])
            if written:
                found[n] = written
        return found

    def written(self, words: list[str], numbers: np.ndarray, start: int) -> tuple[str, str, str] | None:
        """By the text from `start` on, a few words more on both sides; None where too little of it is the same."""
        place = self.corpus.places[int(np.searchsorted(self.starts, max(start, 0), side="right")) - 1]
        first, last = max(place.start, start - RUN), min(place.end, start + len(words) + RUN)
        there = self.words[first:last].tolist()
        blocks = SequenceMatcher(None, numbers.tolist(), there, autojunk=False).get_matching_blocks()
        if sum(block.size for block in blocks) < SHARE * len(words):
            return None
        out = list(words)
        for block in blocks:
            for k in range(block.size):
                label = int(self.corpus.labels[first + block.b + k]) % PARAGRAPH_END
                out[block.a + k] = self.surface(words[block.a + k], label & 3) + MARKS[label >> 2]
        return " ".join(out), place.part, place.title

    def surface(self, word: str, case: int) -> str:
        if case == LISTED:
            return self.corpus.forms.get(word, word)
        return word.upper() if case == UPPER else word.capitalize() if case == TITLE else word


def runs(rows: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Rows by what their files' names begin with, cut where a number is missing."""
    found: list[list[tuple[str, ...]]] = []
    before = None
    for row in sorted(rows):
        match = NUMBERED.match(row[0])
        place = (match[1], int(match[2])) if match else None
        if place is None or before != (place[0], place[1] - 1):
            found.append([])
        found[-1].append(row)
        before = place
    return found


def join(rows: list[tuple[str, ...]], folder: Path) -> tuple[str, ...]:
    """One row of several: their sound one after the other; document and part are the first one's."""
    path = (folder / Path(rows[0][0]).name).with_suffix(".wav").resolve()
    soundfile.write(path, np.concatenate([read_audio(row[0]) for row in rows]), SAMPLE_RATE, subtype="PCM_16")
    transcript, text = (" ".join(row[n] for row in rows) for n in (1, 2))
    return str(path), transcript, text, *rows[0][3:]


def keys(numbers: np.ndarray) -> np.ndarray:
    """A number for each RUN words in a row: [max(0, N − RUN + 1)]."""
    count = max(0, len(numbers) - RUN + 1)
    out = np.zeros(count, np.uint64)
    for at in range(RUN):
        out = out * np.uint64(0x9E3779B97F4A7C15) + numbers[at : at + count].astype(np.uint64) + np.uint64(1)
        out ^= out >> np.uint64(31)
    return out


if __name__ == "__main__":
    main()
