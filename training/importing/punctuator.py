"""python -m training.importing.punctuator --pack models/u2pp-moe-en-41m --output init.pt — a pack's punctuator as a checkpoint.

Training goes on from it: `python -m training.punctuation --init init.pt …`. Weights come back as the pack stores them (8 bits a
weight), without what `export --bias` added to the log-odds; pieces and sizes must be those that the configuration says.
"""

import argparse
import json
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.config import add_arguments, to_tree
from training.punctuation.config import PunctuationConfig, from_arguments
from training.punctuation.corpus import TOKENS
from training.punctuation.graph import WHOLE, SCALE
from training.punctuation.model import Punctuator
from training.punctuation.pack import DESCRIPTION, GRAPH
from training.units.text import read_units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    config = from_arguments(arguments)
    model = import_punctuator(arguments.pack, config)
    torch.save({"model": model.state_dict(), "config": to_tree(config)}, arguments.output)


def import_punctuator(pack: Path, config: PunctuationConfig) -> Punctuator:
    """Raises ValueError where the pack's sizes are not the configuration's."""
    description = json.loads((pack / DESCRIPTION).read_text())
    state = read_weights(onnx.load(pack / GRAPH).graph)
    for head, values in (("case_head", "cases"), ("mark_head", "marks")):
        state[f"{head}.bias"] -= torch.tensor(description["training"]["biases"][values])
    model = Punctuator(config.net, len(read_units(pack / TOKENS)))
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    problems = [f"{name} is {tuple(state[name].shape) if name in state else 'not there'}, expected {shape}"
                for name, shape in wanted.items() if name not in state or tuple(state[name].shape) != shape]
    if problems:
        raise ValueError("\n".join(problems))
    model.load_state_dict({name: state[name] for name in wanted})
    return model


def read_weights(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """By the model's names; integers times their scales."""
    stored = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    out = {name: values for name, values in stored.items() if not name.endswith((WHOLE, SCALE))}
    for name, values in stored.items():
        if name.endswith(WHOLE):
            name = name.removesuffix(WHOLE)
            out[name] = values.float() * stored[f"{name}{SCALE}"]
    return out


if __name__ == "__main__":
    main()
