"""Convolutional subsampling with time on the last axis.

ONNX Runtime's convolution computes a row of its output at a time. A row of hundreds of frames uses each weight it
loads hundreds of times; a row of 19 frequencies, as the model has it, 19 times: a seventh of the time on one thread.
"""

import numpy as np
from onnx import TensorProto

from training.graph.builder import Builder
from training.model.subsampling import Subsampling

SWAPPED = "/swapped"  # of a weight whose last two axes are


def subsample(g: Builder, layer: Subsampling, x: str) -> str:
    """x [B, T, bins] -> [B, 1, T', D]; the projection is a convolution over all frequencies."""
    at = "encoder.embed"
    x = g.op("Unsqueeze", g.op("Transpose", x, perm=[0, 2, 1]), g.ints(1))  # [B, 1, bins, T]
    pads = [layer.padding, 0, layer.padding, 0]
    for n, (_, stride) in enumerate(layer.layout.layers):
        key = f"{at}.conv.{2 * n}"
        weight = np.ascontiguousarray(g.tensors[f"{key}.weight"].detach().numpy().swapaxes(2, 3))
        weight = g.weight(f"{key}.weight{SWAPPED}", weight)
        x = g.op("Relu", g.op("Conv", x, weight, g.parameter(f"{key}.bias"), strides=[stride, stride], pads=pads))
    key = f"{at}.{layer.layout.projection}"
    projection = g.tensors[f"{key}.weight"].detach().numpy()
    channels = layer.conv[0].out_channels
    weight = g.weight(f"{key}.weight", projection.reshape(len(projection), channels, -1, 1))
    return g.op("Transpose", g.op("Conv", x, weight, g.parameter(f"{key}.bias")), perm=[0, 2, 3, 1])


def subsampled_lens(g: Builder, layer: Subsampling, lens: str) -> str:
    """int64 [B]; too short an utterance has none."""
    lens = g.op("Cast", lens, to=TensorProto.INT64)
    for kernel, stride in layer.layout.layers:
        lens = g.op("Div", g.op("Add", lens, g.integer(stride - kernel)), g.integer(stride))
    return g.op("Max", lens, g.integer(0))
