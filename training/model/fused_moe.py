"""The MoE layer as ONNX Runtime's fused operator `com.microsoft.MoE`."""

import torch
from torch import Tensor

from training.model.experts import ACTIVATIONS, run_experts

ONNX_NAMES = {"swish": "silu", "relu": "relu"}


class FusedMoe(torch.autograd.Function):
    """Computes the layer in PyTorch and is traced as one node, so nothing of the routing is baked into the graph."""

    @staticmethod
    def forward(
        ctx, x: Tensor, logits: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, k: int, activation: str
    ):
        top, chosen = torch.topk(logits, k, dim=-1)
        return run_experts(x, chosen, torch.softmax(top, dim=-1), w1, b1, w2, b2, ACTIVATIONS[activation])

    @staticmethod
    def symbolic(g, x, logits, w1, b1, w2, b2, k, activation):
        out = g.op(
            "com.microsoft::MoE",
            *(x, logits, w1, b1, w2, b2),
            k_i=k,
            activation_type_s=ONNX_NAMES[activation],
            normalize_routing_weights_i=1,
        )
        out.setType(x.type())
        return out
