"""Where to compute, and in what precision."""

import contextlib

import torch


def choose(name: str = "auto") -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type == "cuda":
        # What autocast leaves in float32 needs it: with TF32, the features of quiet frames drown in rounding.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
    return device


def precision(device: torch.device) -> contextlib.AbstractContextManager:
    """bfloat16 on a GPU; float32 on a CPU, where it is the faster one without matrix units."""
    if device.type == "cuda":
        return torch.autocast("cuda", dtype=torch.bfloat16)
    return contextlib.nullcontext()
