"""The experts' matrix products.

On a CPU one GEMM per expert over tokens sorted by expert. On a GPU nothing may wait for how many tokens an expert got: grouped
GEMMs, or for narrow experts every expert on every token and a gate, which is two large GEMMs and nothing else.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from training import devices

NARROW = 4096  # experts times their hidden size, up to which all of them are computed on a GPU
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"swish": F.silu, "relu": F.relu}


def run_experts(
    x: Tensor,
    chosen: Tensor,
    weights: Tensor,
    w1: Tensor,
    b1: Tensor,
    w2: Tensor,
    b2: Tensor,
    activation: Callable[[Tensor], Tensor],
) -> Tensor:
    """Σ weights·FFN_chosen(x): x [N, D], chosen and weights [N, k], w1 [E, H, D], w2 [E, D, H] -> [N, D]."""
    if devices.waits(x) and w1.shape[0] * w1.shape[1] <= NARROW:
        return run_all_experts(x, chosen, weights, w1, b1, w2, b2, activation)
    n, k = chosen.shape
    expert, order = torch.sort(chosen.reshape(-1), stable=True)  # [N·k]
    counts = torch.bincount(expert, minlength=w1.shape[0])  # [E]
    rows = x.index_select(0, order // k)  # [N·k, D], sorted by expert
    multiply = _grouped if _has_grouped_gemm(x) else _per_expert
    hidden = activation(multiply(rows, w1, b1, expert, counts))
    out = multiply(hidden, w2, b2, expert, counts)
    back = torch.empty_like(order)
    back[order] = torch.arange(n * k, device=x.device)
    return (weights.to(out.dtype).unsqueeze(2) * out.index_select(0, back).reshape(n, k, -1)).sum(1)


def run_all_experts(
    x: Tensor,
    chosen: Tensor,
    weights: Tensor,
    w1: Tensor,
    b1: Tensor,
    w2: Tensor,
    b2: Tensor,
    activation: Callable[[Tensor], Tensor],
) -> Tensor:
    """The same as `run_experts`, at E / k times the arithmetic."""
    experts, width, size = w1.shape
    gate = torch.zeros(len(x), experts, device=x.device, dtype=weights.dtype).scatter(1, chosen, weights)
    hidden = activation(F.linear(x, w1.reshape(-1, size), b1.reshape(-1)))
    gated = hidden.reshape(-1, experts, width) * gate.unsqueeze(2).to(hidden.dtype)
    out = F.linear(gated.reshape(-1, experts * width), w2.transpose(0, 1).reshape(size, -1))
    return out + F.linear(gate.to(out.dtype), b2.t().to(out.dtype))


def _has_grouped_gemm(x: Tensor) -> bool:
    return x.is_cuda and torch.is_autocast_enabled("cuda") and hasattr(F, "grouped_mm")


def _grouped(rows: Tensor, weight: Tensor, bias: Tensor, expert: Tensor, counts: Tensor) -> Tensor:
    # No host synchronisation: the group borders stay on the device. The kernel takes bfloat16 only.
    ends = torch.cumsum(counts, 0).to(torch.int32)
    half = torch.bfloat16
    return F.grouped_mm(rows.to(half), weight.to(half).transpose(1, 2), offs=ends) + bias.to(half)[expert]


def _per_expert(rows: Tensor, weight: Tensor, bias: Tensor, expert: Tensor, counts: Tensor) -> Tensor:
    kind = rows.device.type
    if torch.is_autocast_enabled(kind):
        rows = rows.to(torch.get_autocast_dtype(kind))
    return _PerExpertLinear.apply(rows, weight, bias, counts.tolist())


class _PerExpertLinear(torch.autograd.Function):
    """One addmm per expert into one output: autograd over slices would copy the stacked weights once per expert."""

    @staticmethod
    def forward(ctx, rows: Tensor, weight: Tensor, bias: Tensor, counts: list[int]) -> Tensor:
        weight, bias = weight.to(rows.dtype), bias.to(rows.dtype)
        out = rows.new_empty(rows.shape[0], weight.shape[1])
        for e, part in _parts(counts):
            torch.addmm(bias[e], rows[part], weight[e].t(), out=out[part])
        ctx.save_for_backward(rows, weight)
        ctx.counts = counts
        return out

    @staticmethod
    def backward(ctx, grad: Tensor):
        rows, weight = ctx.saved_tensors
        grad = grad.contiguous()
        to_rows, to_weight = torch.empty_like(rows), torch.zeros_like(weight)
        to_bias = weight.new_zeros(weight.shape[:2])
        for e, part in _parts(ctx.counts):
            torch.mm(grad[part], weight[e], out=to_rows[part])
            torch.mm(grad[part].t(), rows[part], out=to_weight[e])
            torch.sum(grad[part], 0, out=to_bias[e])
        return to_rows, to_weight, to_bias, None


def _parts(counts: list[int]):
    start = 0
    for e, count in enumerate(counts):
        if count:
            yield e, slice(start, start + count)
        start += count
