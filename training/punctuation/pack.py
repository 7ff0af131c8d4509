"""A punctuator's pack: its files and their description, and the labels of words by it, as the engine finds them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime

from training.punctuation.corpus import FORMS, TOKENS
from training.punctuation.pieces import spell_words
from training.units.text import read_units

GRAPH, DESCRIPTION = "punctuator.onnx", "punctuator.json"
FORMAT = 1


def describe(folder: Path, facts: dict) -> None:
    """Writes the description, with the sizes and hashes of the other files."""
    files = {name: file_facts(folder / name) for name in (GRAPH, TOKENS, FORMS)}
    content = {"format": FORMAT, "languages": ["en"], **facts, "files": files, "licence": "Apache-2.0"}
    (folder / DESCRIPTION).write_text(json.dumps(content, indent=2) + "\n")


def file_facts(path: Path) -> dict[str, int | str]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


class Pack:
    """One thread."""

    def __init__(self, folder: Path):
        self.facts = json.loads((folder / DESCRIPTION).read_text())
        self.units = read_units(folder / TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])

    def label(self, words: list[str], pauses: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Log-probabilities of case [N, 4] and mark [N, 8]; pauses [N, 2] as the graph takes them, None: unknown.

        Windows of `window` pieces overlap by twice the `margin`, and a word's labels are those of the window whose
        margins it is outside of; the text's own ends have no margin.
        """
        window, margin = self.facts["window"], self.facts["margin"]
        spelled = spell_words(self.units, words)
        lengths = np.array([len(ids) for ids in spelled])
        pieces = np.array([i for ids in spelled for i in ids], np.int64)
        last = np.cumsum(lengths) - 1
        silence = np.full((len(pieces), 2), -1, np.float32) if pauses is None else np.repeat(pauses, lengths, axis=0)
        found = [np.zeros((len(pieces), n), np.float32) for n in (4, 8)]
        start = 0
        while True:
            end = min(start + window, len(pieces))
            inputs = {"pieces": pieces[None, start:end], "lens": np.array([end - start]), "pauses": silence[None, start:end]}
            first = start + margin if start else 0
            for whole, part in zip(found, self.session.run(["case", "punctuation"], inputs)):
                whole[first:end] = part[0, first - start :]
            if end == len(pieces):
                return found[0][last], found[1][last]
            start += window - 2 * margin
