"""python -m training.punctuation.silences --speech FILE --transcripts FOLDER — how long readers are silent, by mark: for pauses.py.

FILE is what training.punctuation.recordings wrote, FOLDER has the engine's JSON of its recordings (`scriptorium transcribe
--no-numerals -o FOLDER …`). A silence lies between two words that the engine heard as the text has them.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from training.punctuation.labels import MARKS, NONE
from training.punctuation.pauses import FRAME

WRITTEN = re.compile(rf"(.*?)([{''.join(MARKS)}]?)$")
LETTERS = re.compile(r"[^a-z']")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--transcripts", type=Path, required=True)
    arguments = parser.parse_args()
    found: dict[int, list[float]] = defaultdict(list)
    with open(arguments.speech, newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            heard = json.loads((arguments.transcripts / Path(row["path"]).with_suffix(".json").name).read_text())
            for mark, seconds in silences(row["text"], [w for s in heard["segments"] for w in s["words"]]):
                found[mark].append(seconds)
    print("mark  words  silent  median s  sigma")
    for mark, seconds in sorted(found.items()):
        print(f"{MARKS[mark] or 'none':4} {len(seconds):6} {'%7.3f %9.2f %6.2f' % figures(np.array(seconds))}")


def silences(text: str, heard: list[dict]) -> list[tuple[int, float]]:
    """Mark after a word of the text, and seconds until the next; `heard` are words with `word`, `start` and `end`."""
    written = [WRITTEN.match(word).groups() for word in text.split()]
    words = [LETTERS.sub("", word.lower()) for word, _ in written]
    matcher = SequenceMatcher(None, words, [LETTERS.sub("", word["word"].lower()) for word in heard], autojunk=False)
    found = []
    for block in matcher.get_matching_blocks():
        for n in range(block.size - 1):
            mark = MARKS.index(written[block.a + n][1]) if written[block.a + n][1] else NONE
            found.append((mark, heard[block.b + n + 1]["start"] - heard[block.b + n]["end"]))
    return found


def figures(seconds: np.ndarray) -> tuple[float, float, float]:
    """Share of silences of a frame at least, their median in seconds and the deviation of their logarithms."""
    silent = seconds[seconds >= FRAME - 1e-6]
    if not len(silent):
        return 0.0, 0.0, 0.0
    return len(silent) / len(seconds), float(np.median(silent)), float(np.log(silent).std())


if __name__ == "__main__":
    main()
