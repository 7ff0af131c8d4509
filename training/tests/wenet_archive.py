"""Archives in TorchScript as WeNet's export_jit.py leaves them, of a state dict alone: nothing in them can be run."""

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn


def save_archive(state: dict[str, Tensor], path: Path, quantised: bool = False, frozen: bool = False) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch would rather have other formats; these are what WeNet has published
        module = Shell(state).eval()
        if quantised:
            module = torch.ao.quantization.quantize_dynamic(module, {nn.Linear}, dtype=torch.qint8)
        script = torch.jit.script(module)
        (torch.jit.freeze(script) if frozen else script).save(str(path))


class Shell(nn.Module):
    """Modules with the names of a state dict; what WeNet computes with nn.Linear is one here, so that it is quantised."""

    def __init__(self, state: dict[str, Tensor]):
        super().__init__()
        for name, value in state.items():
            *scopes, last = name.split(".")
            parent: nn.Module = self
            for scope in scopes[:-1]:
                parent = child(parent, scope, nn.Module)
            linear = last in ("weight", "bias") and is_linear(state, ".".join(scopes))
            owner = child(parent, scopes[-1], lambda: linear_of(state, ".".join(scopes)) if linear else nn.Module())
            if not linear:
                owner.register_buffer(last, value.clone())

    def forward(self, x: Tensor) -> Tensor:
        return x


def child(parent: nn.Module, name: str, make) -> nn.Module:
    if not hasattr(parent, name):
        parent.add_module(name, make())
    return getattr(parent, name)


def is_linear(state: dict[str, Tensor], layer: str) -> bool:
    return state[f"{layer}.weight"].dim() == 2 and not layer.endswith("embed.0") if f"{layer}.weight" in state else False


def linear_of(state: dict[str, Tensor], layer: str) -> nn.Linear:
    weight, bias = state[f"{layer}.weight"], state.get(f"{layer}.bias")
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias is not None)
    linear.load_state_dict({"weight": weight} | ({"bias": bias} if bias is not None else {}))
    return linear
