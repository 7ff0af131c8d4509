"""How many parameters a model has, and how many of them one token uses."""

from torch import nn

from training.model.feed_forward import MoeFeedForward


def count_parameters(model: nn.Module) -> tuple[int, int]:
    """Total and active parameters: of every MoE layer, a token uses k of the E experts."""
    total = sum(p.numel() for p in model.parameters())
    idle = sum(
        sum(p.numel() for p in layer.expert_parameters()) * (layer.experts - layer.top_k) // layer.experts
        for layer in model.modules()
        if isinstance(layer, MoeFeedForward)
    )
    return total, total - idle
