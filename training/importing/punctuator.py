"""python -m training.importing.punctuator --pack models/u2pp-moe-en-41m --output init.pt — a pack's punctuator as a checkpoint.

Training goes on from it: `python -m training.punctuation --init init.pt …`. Weights come back as the pack stores them (8 bits a
weight), without what `export --bias` added to the log-odds; pieces and sizes must be those that the configuration says.
"""

import json
from pathlib import Path

import onnx
import torch

from training.importing.command import run
from training.punctuation.config import PunctuationConfig, from_arguments
from training.punctuation.corpus import TOKENS
from training.punctuation.graph import read_weights
from training.punctuation.model import Punctuator
from training.punctuation.pack import DESCRIPTION, GRAPH
from training.units.text import read_units


def main() -> None:
    run(__doc__, from_arguments, import_punctuator)


def import_punctuator(pack: Path, config: PunctuationConfig) -> Punctuator:
    """Raises ValueError where the pack's sizes are not the configuration's."""
    description = json.loads((pack / DESCRIPTION).read_text())
    state = read_weights(onnx.load(pack / GRAPH).graph)
    for head, values in (("case_head", "cases"), ("mark_head", "marks")):
        state[f"{head}.bias"] -= torch.tensor(description["training"]["biases"][values])
    model = Punctuator(config.net, len(read_units(pack / TOKENS)))
    problems = []
    for name, tensor in model.state_dict().items():
        found = tuple(state[name].shape) if name in state else "not there"
        if found != tuple(tensor.shape):
            problems.append(f"{name} is {found}, expected {tuple(tensor.shape)}")
    if problems:
        raise ValueError("\n".join(problems))
    model.load_state_dict({name: state[name] for name in model.state_dict()})
    return model


if __name__ == "__main__":
    main()
