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


def waits(x: torch.Tensor) -> bool:
    """Whether reading a value of it would wait for its device: then nothing may branch by values, nor ask for sizes."""
    return x.is_cuda


def precision(device: torch.device, bfloat16: bool = False) -> contextlib.AbstractContextManager:
    """bfloat16 on a GPU; on a CPU float32, unless it has instructions for the other (avx512_bf16, amx) and is asked to."""
    if device.type == "cuda" or bfloat16:
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return contextlib.nullcontext()
