"""Muon for the matrices inside a network, AdamW for the rest.

Muon (Jordan et al., 2024, kellerjordan.github.io/posts/muon) steps along the nearest orthogonal matrix of the momentum,
found by Newton and Schulz's iteration. A layer of the student reached in three passes what AdamW needed eight for (bench/NOTES.md).
"""

from collections import defaultdict

import torch
from torch import Tensor, nn

from training import devices

MOMENTUM = 0.95
COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic that takes singular values of 0.01 to 1 near 1
ITERATIONS = 5
CACHED = 8  # matrices of some 100 KB at a time
# Matrices whose rows or columns are units or experts, and the kernels of depthwise convolutions: one row, one meaning.
APART = ("embed.0.weight", "ctc_lo.weight", "output_layer.weight", "output.weight", "head.weight", "gate.weight")
APART += ("embedding.weight", "depthwise_conv.weight", "b1", "b2", "pos_bias_u", "pos_bias_v")


class Muon(torch.optim.Optimizer):
    """Over parameters of two or more dimensions: [E, out, in] is E matrices, a convolution's kernel [out, in, h, w] one."""

    def __init__(self, parameters: list[nn.Parameter], lr: float, momentum: float = MOMENTUM, weight_decay: float = 0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            parameters = [p for p in group["params"] if p.grad is not None]
            if not parameters:
                continue
            for p in parameters:
                if "momentum" not in self.state[p]:
                    self.state[p]["momentum"] = torch.zeros_like(p)
            gradients, momenta = [p.grad for p in parameters], [self.state[p]["momentum"] for p in parameters]
            torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
            directions = torch._foreach_lerp(gradients, momenta, group["momentum"])
            torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
            together: dict[tuple[int, int], list[tuple[nn.Parameter, Tensor]]] = defaultdict(list)
            for p, direction in zip(parameters, directions):
                matrices = as_matrices(direction)
                together[matrices.shape[1:]].append((p, matrices))
            for (rows, columns), pairs in together.items():  # matrices of a shape together: a few large products
                found = orthogonal(torch.cat([matrices for _, matrices in pairs]))
                found *= group["lr"] * max(1.0, rows / columns) ** 0.5
                parts = found.split([len(matrices) for _, matrices in pairs])
                torch._foreach_sub_([p for p, _ in pairs], [part.reshape(p.shape) for (p, _), part in zip(pairs, parts)])


def as_matrices(x: Tensor) -> Tensor:
    """[M, out, in]."""
    return x if x.dim() == 3 and x.shape[-1] > 1 else x.flatten(1).unsqueeze(0)


def orthogonal(x: Tensor) -> Tensor:
    """[M, r, c]: each with all its singular values near 1. In bfloat16, which is enough for a direction."""
    wide = x.shape[1] <= x.shape[2]
    x = (x if wide else x.mT).bfloat16()
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    # On a CPU a few at a time, which stay in its cache: 1.7 times as fast. A GPU wants large products.
    parts = [x] if devices.waits(x) else x.split(CACHED)
    x = torch.cat([iterated(part) for part in parts])
    return (x if wide else x.mT).float()


def iterated(x: Tensor) -> Tensor:
    a, b, c = COEFFICIENTS
    for _ in range(ITERATIONS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x


def is_inner_matrix(name: str, p: Tensor) -> bool:
    return p.dim() >= 2 and not name.endswith(APART)


def make_optimizers(
    modules: list[nn.Module], muon_rate: float, adam_rate: float, decay: float
) -> list[torch.optim.Optimizer]:
    """Each group remembers its full rate as `full_rate`, for schedules. On a GPU rates are tensors: a CUDA graph reads them there."""
    named = [pair for module in modules for pair in module.named_parameters() if pair[1].requires_grad]
    inner = [p for name, p in named if is_inner_matrix(name, p)]
    rest = [p for name, p in named if not is_inner_matrix(name, p)]
    cuda = rest[0].is_cuda
    adam = {"betas": (0.9, 0.98), "eps": 1e-8, "weight_decay": 0.0, "fused": True, "capturable": cuda}
    optimizers = [Muon(inner, muon_rate, weight_decay=decay), torch.optim.AdamW(rest, adam_rate, **adam)]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["full_rate"] = group["lr"]
            if cuda:
                group["lr"] = torch.tensor(group["lr"], device=rest[0].device)
    return optimizers


def set_apart(optimizer: torch.optim.Optimizer, parameters: list[nn.Parameter], rate: float) -> None:
    """Gives some of an optimizer's parameters a full rate of their own."""
    group = optimizer.param_groups[0]
    apart = {id(p) for p in parameters}
    rest = {key: value for key, value in group.items() if key != "params"}
    own = torch.tensor(rate, device=parameters[0].device) if isinstance(group["lr"], Tensor) else rate
    group["params"] = [p for p in group["params"] if id(p) not in apart]
    optimizer.add_param_group(rest | {"params": parameters, "lr": own, "full_rate": rate})


def set_rates(optimizers: list[torch.optim.Optimizer], factor: float) -> None:
    for group in (group for optimizer in optimizers for group in optimizer.param_groups):
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(group["full_rate"] * factor)
        else:
            group["lr"] = group["full_rate"] * factor
