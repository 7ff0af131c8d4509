"""The conformer's convolution module.

The depthwise convolution stands between two transpositions as a convolution in two dimensions, of height 1: ONNX
Runtime merges those into its blocked layout only then.
"""

import numpy as np

from training.config import EncoderConfig
from training.graph.builder import Builder
from training.graph.half import EXACT
from training.model.convolution import ConvolutionModule as TorchModule

PART = "/part"  # of a weight that is split along its first axis
# A causal module's value before the first frame, and its depthwise bias with that value's share.
BEFORE_FIRST, FOLDED = f"/before_first{EXACT}", f"/folded{EXACT}"


class ConvolutionModule:
    def __init__(self, g: Builder, c: EncoderConfig, batch: str, time: str, valid: str, chunk: int):
        """valid [B·T', 1]: 1 inside an utterance, 0 in padding."""
        self.g, self.size, self.valid = g, c.size, valid
        self.causal, self.norm, self.chunk, self.time = c.causal, c.conv_norm, chunk, time
        self.reach = c.kernel - 1 if c.causal else (c.kernel - 1) // 2
        self.by_time = g.op("Concat", batch, g.ints(1, -1, c.size), axis=0)
        if chunk and not c.causal:
            self.fill, self.source = self._windows()

    def __call__(self, rows: str, at: str, module: TorchModule) -> str:
        """rows [B·T', D] -> [B·T', D]."""
        g = self.g
        kept, gate = (self._half(rows, f"{at}.pointwise_conv1", n) for n in (0, 1))
        x = g.op("Mul", kept, g.op("Sigmoid", gate))
        if self.causal:
            x = self._causal(x, at, module)
        else:
            # Masked after the GLU: its biases make padding non-zero, and the kernel would carry that into the utterance.
            x = g.op("Reshape", g.op("Mul", x, self.valid), self.by_time)  # [B, 1, T', D]
            bias = g.parameter(f"{at}.depthwise_conv.bias")
            if self.chunk:
                x = self._in_chunks(x, at, bias)
            else:
                x = self._depthwise(x, at, bias, self.reach, self.reach)
        x = g.op("Reshape", x, g.ints(-1, self.size))
        if self.norm == "layer_norm":
            x = g.norm(x, f"{at}.norm")
        return g.gemm(g.op("Mul", x, g.op("Sigmoid", x)), f"{at}.pointwise_conv2")

    def _half(self, rows: str, layer: str, n: int) -> str:
        g, part = self.g, slice(n * self.size, (n + 1) * self.size)
        weight, bias = (g.tensors[f"{layer}.{name}"].detach().numpy()[part] for name in ("weight", "bias"))
        weight = g.weight(f"{layer}.weight{PART}{n}", weight.reshape(self.size, self.size))
        return g.op("Gemm", rows, weight, g.weight(f"{layer}.bias{PART}{n}", bias), transB=1)

    def _causal(self, x: str, at: str, module: TorchModule) -> str:
        """Taken off every frame, what stands before the first is zero, and the bias gives it back. No mask: nothing looks ahead."""
        g = self.g
        before, kernel, bias = (
            t.detach().numpy() for t in (module.before_first(), module.depthwise_conv.weight, module.depthwise_conv.bias)
        )
        bias = g.weight(f"{at}.depthwise_conv.bias{FOLDED}", bias + before * kernel.sum((1, 2)))
        x = g.op("Sub", x, g.weight(f"{at}{BEFORE_FIRST}", before))
        return self._depthwise(g.op("Reshape", x, self.by_time), at, bias, self.reach, 0)

    def _depthwise(self, x: str, at: str, bias: str, before: int, after: int) -> str:
        """[…, 1, T, D] -> the same, padded with zeros."""
        g, key = self.g, f"{at}.depthwise_conv"
        weight = g.weight(f"{key}.weight", np.expand_dims(g.tensors[f"{key}.weight"].detach().numpy(), 2))
        x = g.op("Transpose", x, perm=[0, 3, 1, 2])
        pads = [0, before, 0, after]
        x = g.op("Conv", x, weight, bias, group=self.size, pads=pads)
        if self.norm == "batch_norm":
            names = ("weight", "bias", "running_mean", "running_var")
            x = g.op("BatchNormalization", x, *(g.parameter(f"{at}.norm.{name}") for name in names), epsilon=1e-5)
        return g.op("Transpose", x, perm=[0, 2, 3, 1])

    def _windows(self) -> tuple[str, str]:
        """How to pad x to whole chunks, and the frames of every chunk with the `reach` before it."""
        g = self.g
        chunk = g.integer(self.chunk)
        count = g.op("Div", g.op("Add", self.time, g.integer(self.chunk - 1)), chunk)  # [1]
        extra = g.op("Sub", g.op("Mul", count, chunk), self.time)
        fill = g.op("Concat", g.ints(0, 0, self.reach, 0, 0, 0), extra, g.ints(0), axis=0)
        numbers = g.op("Range", g.integer(0), g.op("Squeeze", count), g.integer(1))
        start = g.op("Unsqueeze", g.op("Mul", numbers, chunk), g.ints(1))
        within = g.op("Range", g.integer(0), g.integer(self.reach + self.chunk), g.integer(1))
        return fill, g.op("Reshape", g.op("Add", start, within), g.ints(-1))

    def _in_chunks(self, x: str, at: str, bias: str) -> str:
        """Every chunk with the frames before it, and zeros in place of the frames after it."""
        g = self.g
        x = g.op("Gather", g.op("Pad", x, self.fill), self.source, axis=2)
        x = g.op("Reshape", x, g.ints(-1, 1, self.reach + self.chunk, self.size))
        x = g.op("Reshape", self._depthwise(x, at, bias, 0, self.reach), self.by_time)
        return g.op("Slice", x, g.ints(0), self.time, g.ints(2))
