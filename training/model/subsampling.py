"""Convolutional subsampling of the features in time by 4, 6 or 8 (WeNet's conv2d, conv2d6 and conv2d8)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layout:
    """Kernel size and stride of each layer, and the name of the projection after them in the state dict."""

    layers: tuple[tuple[int, int], ...]
    projection: str


LAYOUTS = {
    "conv2d": Layout(((3, 2), (3, 2)), "out.0"),
    "conv2d6": Layout(((3, 2), (5, 3)), "linear"),
    "conv2d8": Layout(((3, 2), (3, 2), (3, 2)), "linear"),
}


class Subsampling(nn.Module):
    """features [B, T, bins] -> [B, T', D]; `lens` maps T to T'. `pad_bins`: a zero at both ends of the bins, in each layer."""

    def __init__(self, kind: str, bins: int, channels: int, size: int, pad_bins: bool = False):
        super().__init__()
        self.layout, self.padding = LAYOUTS[kind], int(pad_bins)
        modules: list[nn.Module] = []
        for n, (kernel, stride) in enumerate(self.layout.layers):
            modules += [nn.Conv2d(channels if n else 1, channels, kernel, stride, (0, self.padding)), nn.ReLU()]
            bins = (bins + 2 * self.padding - kernel) // stride + 1
        self.conv = nn.Sequential(*modules)
        projection = nn.Linear(channels * bins, size)
        if self.layout.projection == "linear":
            self.linear = projection
        else:
            self.out = nn.Sequential(projection)

    @property
    def rate(self) -> int:
        rate = 1
        for _, stride in self.layout.layers:
            rate *= stride
        return rate

    @property
    def min_frames(self) -> int:
        """Fewest feature frames that give one encoder frame."""
        need = 1
        for kernel, stride in reversed(self.layout.layers):
            need = (need - 1) * stride + kernel
        return need

    def lens(self, lens: Tensor) -> Tensor:
        for kernel, stride in self.layout.layers:
            lens = torch.div(lens - kernel, stride, rounding_mode="floor") + 1
        return lens.clamp(min=0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x.unsqueeze(1))  # [B, C, T', F']
        x = x.transpose(1, 2).flatten(2)
        return self.linear(x) if self.layout.projection == "linear" else self.out(x)
