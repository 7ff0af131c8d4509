"""Feed-forward layers: one dense network, or the top k of E experts (arXiv 2404.16407).

The router is one linear layer without bias; the softmax runs over the k selected logits only, in float32. There is no
auxiliary loss, no capacity limit and no shared expert. Experts are stacked tensors, saved under WeNet's names
(`gate.weight`, `experts.<i>.w_1.weight`, …).
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.model.experts import ACTIVATIONS, run_experts
from training.model.fused_moe import FusedMoe

STACKED = {"w_1.weight": "w1", "w_1.bias": "b1", "w_2.weight": "w2", "w_2.bias": "b2"}


class FeedForward(nn.Module):
    """Linear → activation → Linear. x [..., D] -> [..., D]."""

    def __init__(self, size: int, hidden: int, activation: str = "swish"):
        super().__init__()
        self.w_1 = nn.Linear(size, hidden)
        self.w_2 = nn.Linear(hidden, size)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x: Tensor) -> Tensor:
        return self.w_2(self.activation(self.w_1(x)))


class MoeFeedForward(nn.Module):
    """x [..., D] -> [..., D]; `usage` [E] counts the tokens each expert got, when it is set."""

    def __init__(self, size: int, hidden: int, experts: int, top_k: int, activation: str = "swish"):
        super().__init__()
        self.experts, self.top_k, self.activation = experts, top_k, activation
        self.gate = nn.Linear(size, experts, bias=False)
        a, b = 1 / math.sqrt(size), 1 / math.sqrt(hidden)
        self.w1 = nn.Parameter(torch.empty(experts, hidden, size).uniform_(-a, a))
        self.b1 = nn.Parameter(torch.empty(experts, hidden).uniform_(-a, a))
        self.w2 = nn.Parameter(torch.empty(experts, size, hidden).uniform_(-b, b))
        self.b2 = nn.Parameter(torch.empty(experts, size).uniform_(-b, b))
        self.usage: Tensor | None = None

    def expert_parameters(self) -> tuple[nn.Parameter, ...]:
        return self.w1, self.b1, self.w2, self.b2

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.reshape(-1, x.shape[-1])
        if torch.onnx.is_in_onnx_export():
            y = FusedMoe.apply(tokens, self.gate(tokens), *self.expert_parameters(), self.top_k, self.activation)
            return y.reshape(x.shape)
        with torch.autocast(x.device.type, enabled=False):
            logits = F.linear(tokens.float(), self.gate.weight.float())
            top, chosen = torch.topk(logits, self.top_k, dim=-1)  # [N, k]
            weights = torch.softmax(top, dim=-1)
        if self.usage is not None:
            self.usage += torch.bincount(chosen.reshape(-1), minlength=self.experts).to(self.usage)
        y = run_experts(tokens, chosen, weights, *self.expert_parameters(), ACTIVATIONS[self.activation])
        return y.to(x.dtype).reshape(x.shape)

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        if torch.onnx.is_in_onnx_export():  # the tracer finds the parameters through the state dict
            return super()._save_to_state_dict(destination, prefix, keep_vars)
        for expert in range(self.experts):
            for name, attribute in STACKED.items():
                parameter = getattr(self, attribute)
                destination[f"{prefix}experts.{expert}.{name}"] = (parameter if keep_vars else parameter.detach())[
                    expert
                ]

    def _load_from_state_dict(self, state_dict, prefix, metadata, strict, missing, unexpected, errors):
        with torch.no_grad():
            for expert in range(self.experts):
                for name, attribute in STACKED.items():
                    key, into = f"{prefix}experts.{expert}.{name}", getattr(self, attribute)[expert]
                    if key not in state_dict:
                        missing.append(key)
                    elif state_dict[key].shape != into.shape:
                        errors.append(f"{key} is {list(state_dict[key].shape)}, expected {list(into.shape)}")
                    else:
                        into.copy_(state_dict[key])


def make_feed_forward(size: int, hidden: int, experts: int, top_k: int, activation: str) -> nn.Module:
    """Dense when `experts` is 0."""
    if experts == 0:
        return FeedForward(size, hidden, activation)
    return MoeFeedForward(size, hidden, experts, top_k, activation)
