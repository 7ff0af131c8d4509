"""The prepared recordings: one file of 16-bit samples, memory-mapped, and an index of the utterances in it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

AUDIO = "audio.i16"
INDEX = "index.json"
HEARD = "heard.json"  # what recordings without a transcript say, by a teacher: by offset


@dataclass(frozen=True)
class Utterance:
    corpus: str
    part: str  # train, dev or test
    speaker: str
    text: str
    path: str
    offset: int  # samples
    samples: int
    variant: str = ""  # the codec a copy went through


class Corpus:
    """Read-only view of a prepared folder."""

    def __init__(self, folder: Path):
        self.utterances = [Utterance(**row) for row in json.loads((folder / INDEX).read_text())]
        self.audio = np.memmap(folder / AUDIO, np.int16, "r")

    def samples(self, utterance: Utterance) -> np.ndarray:
        """int16 [N]."""
        return self.audio[utterance.offset : utterance.offset + utterance.samples]

    def together(self, utterances: list[Utterance]) -> np.ndarray:
        """int16 [B, N], zeros behind the shorter ones. By numpy: PyTorch copies each row with all its threads, which wait for
        each other where others use the cores."""
        out = np.zeros((len(utterances), max(u.samples for u in utterances)), np.int16)
        for row, u in zip(out, utterances):
            row[: u.samples] = self.samples(u)
        return out

    def select(self, part: str, corpus: str | None = None) -> list[Utterance]:
        return [u for u in self.utterances if u.part == part and corpus in (None, u.corpus)]


class CorpusWriter:
    """Appends utterances; `close` writes the index, so that an interrupted preparation is not taken for a whole one."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.rows, self.offset = folder, [], 0
        (folder / INDEX).unlink(missing_ok=True)
        self.file = open(folder / AUDIO, "wb")

    def add(self, samples: np.ndarray, **facts: str) -> None:
        self.file.write(samples.astype(np.int16).tobytes())
        self.rows.append(asdict(Utterance(offset=self.offset, samples=len(samples), **facts)))
        self.offset += len(samples)

    def close(self) -> None:
        self.file.close()
        (self.folder / INDEX).write_text(json.dumps(self.rows, indent=0))
