"""The units that a model writes, and error rates."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.config import Config

SPACE = "▁"
OLD_SPACE = "<space>"  # in the character units of older WeNet recipes
CHARACTERS = ["<blank>", "<unk>", "'", *(chr(c) for c in range(ord("A"), ord("Z") + 1)), SPACE, "<sos/eos>"]


@dataclass(frozen=True)
class Units:
    """The model's output units; the last one is both sos and eos."""

    pieces: tuple[str, ...] = tuple(CHARACTERS)
    ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "ids", {piece: at for at, piece in enumerate(self.pieces)})

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def kind(self) -> str:
        """bpe: the piece that begins a word has the mark; char: the mark is a unit between words, or there is none."""
        return "bpe" if any(len(piece) > 1 and piece.startswith(SPACE) for piece in self.pieces) else "char"

    def encode(self, text: str) -> list[int]:
        words = normalise(text).split()
        return self.spell("".join(SPACE + word for word in words) if self.kind == "bpe" else SPACE.join(words))

    def spell(self, marked: str) -> list[int]:
        """Text with marks for spaces: at every place the longest piece that fits, as the engine spells hotwords."""
        longest = max(map(len, self.pieces))
        ids = []
        while marked:
            sizes = range(min(longest, len(marked)), 0, -1)
            size = next((n for n in sizes if marked[:n] in self.ids), 1)
            ids.append(self.ids.get(marked[:size], self.ids["<unk>"]))
            marked = marked[size:]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        return " ".join("".join(self.pieces[i] for i in ids).replace(SPACE, " ").replace(OLD_SPACE, " ").split())

    def file(self) -> str:
        """tokens.txt: one `piece id` a line."""
        return "".join(f"{piece} {at}\n" for at, piece in enumerate(self.pieces))


def read_units(path: Path) -> Units:
    """tokens.txt or units.txt: one `piece id` a line, in any order."""
    pairs = [line.split() for line in path.read_text().splitlines() if line.strip()]
    by_id = {int(number): piece for piece, number in pairs}
    return Units(tuple(by_id[at] for at in range(len(by_id))))


def units_of(config: Config) -> Units:
    """Those that a model of this configuration is trained on."""
    return read_units(Path(config.units)) if config.units else Units()


def normalise(text: str) -> str:
    """Upper case, one space between words, nothing but letters and apostrophes."""
    return " ".join(re.sub(r"[^A-Z' ]+", " ", text.upper().replace("’", "'")).split())


def edit_distance(reference: Sequence, hypothesis: Sequence) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, expected in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, found in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (expected != found))
    return row[-1]


@dataclass
class ErrorRate:
    """All errors over all reference words or characters, in percent."""

    word_errors: int = 0
    words: int = 0
    character_errors: int = 0
    characters: int = 0

    def add(self, reference: str, hypothesis: str) -> None:
        reference, hypothesis = normalise(reference), normalise(hypothesis)
        self.word_errors += edit_distance(reference.split(), hypothesis.split())
        self.words += len(reference.split())
        self.character_errors += edit_distance(reference, hypothesis)
        self.characters += len(reference)

    @property
    def wer(self) -> float:
        return 100 * self.word_errors / max(self.words, 1)

    @property
    def cer(self) -> float:
        return 100 * self.character_errors / max(self.characters, 1)
