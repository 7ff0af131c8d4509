"""python -m training.punctuation.export --checkpoint FILE… --output FOLDER — a pack of one checkpoint, or of several's mean.

--bias FILE adds to the log-odds what `measure --tune` found on the development documents.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from training import checkpoint
from training.config import from_tree
from training.punctuation.config import PunctuationConfig
from training.punctuation.corpus import FORMS, TOKENS
from training.punctuation.graph import save_punctuator
from training.punctuation.model import CASES, MARKS, Punctuator
from training.punctuation.pack import GRAPH, describe
from training.units.text import read_units

WINDOW, MARGIN = 128, 24
NO_BIASES = {"cases": [0.0] * CASES, "marks": [0.0] * MARKS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--bias", type=Path)
    parser.add_argument("--bits", type=int, default=8, choices=(8, 32))
    arguments = parser.parse_args()
    biases = json.loads(arguments.bias.read_text()) if arguments.bias else NO_BIASES
    export(arguments.checkpoint, arguments.output, biases, arguments.bits)


def export(checkpoints: list[Path], output: Path, biases: dict[str, list[float]], bits: int = 8) -> None:
    contents = [checkpoint.load(path) for path in checkpoints]
    config = from_tree(PunctuationConfig, contents[-1]["config"], "")
    tensors = mean([content["model"] for content in contents])
    for head, values in (("case_head", biases["cases"]), ("mark_head", biases["marks"])):
        tensors[f"{head}.bias"] = tensors[f"{head}.bias"] + torch.tensor(values)
    output.mkdir(parents=True, exist_ok=True)
    prepared = Path(config.text.folder)
    for name in (TOKENS, FORMS):
        shutil.copyfile(prepared / name, output / name)
    save_punctuator(tensors, config.net, output / GRAPH, bits)
    model = Punctuator(config.net, len(read_units(output / TOKENS))).eval()
    model.load_state_dict(tensors)
    training = {"steps": contents[-1]["step"], "pieces_a_step": config.train.batch_pieces, "seed": config.seed}
    training |= {"parameters": sum(p.numel() for p in model.parameters()), "bits": bits, "biases": biases}
    describe(output, {"window": WINDOW, "margin": MARGIN, "training": training})
    print(f"largest difference of a probability from the checkpoint's: {difference(model, output / GRAPH):.4f}")


def mean(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}


def difference(model: Punctuator, graph: Path, seed: int = 0) -> float:
    """Over random pieces of two lengths, with and without pauses."""
    random = np.random.default_rng(seed)
    pieces = random.integers(2, model.piece_embedding.num_embeddings, (2, 60))
    pieces[1, 41:] = 0
    pauses = random.uniform(-0.3, 1, (2, 60, 2)).astype(np.float32)
    pauses[pauses < 0] = -1
    inputs = {"pieces": pieces, "lens": np.array([60, 41]), "pauses": pauses}
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = model(*(torch.from_numpy(x) for x in inputs.values()))
    most = 0.0
    for want, have in zip(expected, session.run(["case", "punctuation"], inputs)):
        for row, length in enumerate((60, 41)):
            gap = np.abs(np.exp(want[row, :length].numpy()) - np.exp(have[row, :length]))
            most = max(most, float(gap.max()))
    return most


if __name__ == "__main__":
    main()
