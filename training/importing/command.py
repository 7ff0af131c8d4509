"""The command of the importers that make a checkpoint of a pack, or of a part of it."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from training.config import add_arguments, to_tree

C = TypeVar("C")


def run(description: str, configured: Callable[[argparse.Namespace], C], imported: Callable[[Path, C], nn.Module]) -> None:
    """Saves `imported` of --pack, by the configuration that the arguments say, as --output."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    config = configured(arguments)
    model = imported(arguments.pack, config)
    torch.save({"model": model.state_dict(), "config": to_tree(config)}, arguments.output)
