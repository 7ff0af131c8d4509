"""How words sound, by espeak-ng: targets of a second CTC within the encoder, in training only.

With two hours of speech, word pieces are too rare to teach the lower layers what a sound is; phones are not.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

LEXICON = "lexicon.json"
MARKS = re.compile(r"[',=\-#%;~2]")  # stress, syllables and variants of a sound


class Lexicon:
    """`words`: the phones of each word. The id 0 is the blank."""

    def __init__(self, words: dict[str, list[str]]):
        self.words = words
        self.phones = sorted({phone for phones in words.values() for phone in phones})
        self.ids = {phone: at for at, phone in enumerate(self.phones, 1)}

    def __len__(self) -> int:
        return 1 + len(self.phones)

    def encode(self, text: str) -> list[int]:
        return [self.ids[phone] for word in text.split() for phone in self.words.get(word, ())]


def pronounce(texts: Iterable[str]) -> Lexicon:
    """Every word of the texts. Raises RuntimeError without espeak-ng."""
    if not shutil.which("espeak-ng"):
        raise RuntimeError("train.phone_weight needs espeak-ng: apt-get install espeak-ng, or set it to 0")
    words = sorted({word for text in texts for word in text.split()})
    # A blank line after each, or it says them as one sentence.
    run = subprocess.run(
        ["espeak-ng", "-q", "-x", "--sep=_", "-v", "en-us", "--stdin"],
        input="".join(f"{word}\n\n" for word in words),
        text=True,
        check=True,
        capture_output=True,
    )
    lines = run.stdout.splitlines()
    if len(lines) != len(words):
        raise RuntimeError(f"espeak-ng gave {len(lines)} lines for {len(words)} words")
    return Lexicon({word: sounds(line) for word, line in zip(words, lines)})


def sounds(line: str) -> list[str]:
    found = (MARKS.sub("", sound) for sound in re.split(r"[_\s]+", line.strip()))
    return [sound for sound in found if sound]


def write_lexicon(lexicon: Lexicon, folder: Path) -> None:
    (folder / LEXICON).write_text(json.dumps(lexicon.words))


def read_lexicon(folder: Path) -> Lexicon:
    return Lexicon(json.loads((folder / LEXICON).read_text()))

