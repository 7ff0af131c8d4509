"""Checkpoints: `last.pt` with everything that resuming needs, `step-<n>.pt` with weights for averaging."""

from pathlib import Path

import torch
from torch import nn

from training.config import Config, from_tree, to_tree

LAST = "last.pt"


def save(path: Path, content: dict) -> None:
    """Whole or not at all: a run may be killed at any time."""
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.rename(path)


def save_weights(folder: Path, step: int, weights_of: dict[str, nn.Module], config: Config, keep: int) -> None:
    """`weights_of`: "model", and what trains with it."""
    states = {name: module.state_dict() for name, module in weights_of.items()}
    save(folder / f"step-{step:07}.pt", states | {"config": to_tree(config), "step": step})
    for old in weights(folder)[:-keep]:
        old.unlink()


def weights(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(folder.glob("step-*.pt"))


def load(path: Path) -> dict:
    return torch.load(path, map_location="cpu", weights_only=True)


def load_config(content: dict) -> Config:
    return from_tree(Config, content["config"], "")
