"""Convolutions as matrix products, for CUDA.

ONNX Runtime's CUDA convolution asks cuDNN for a plan whenever the shape of its input is not the last one's, and every batch
of the service has another shape: on an H200 it took about one to two seconds for each (bench/NOTES.md). Products need no plan.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.graph.builder import Builder
from training.graph.onnx_graph import OnnxGraph
from training.graph.subsampling_products import SubsamplingProducts

BLOCK = 16  # frames that a depthwise kernel's product gives at a time, at least


def without_convolutions(graph: OnnxGraph) -> OnnxGraph:
    """The same with other nodes, over the same weights: what is made of them is made when the graph is loaded."""
    model = onnx.ModelProto()
    model.CopyFrom(graph.model)
    inline = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = inline | graph.weights
    subsampling = SubsamplingProducts.find(model.graph, {name: weight.shape for name, weight in weights.items()})
    nodes: list[onnx.NodeProto] = []
    for node in graph.model.graph.node:
        g = Builder(prefix=f"{node.output[0]}/")
        if subsampling and node.output[0] in subsampling.members:
            if node.output[0] == subsampling.members[0]:
                subsampling.write(g, weights[node.input[1]].dtype)
        elif node.op_type == "Conv":
            _Convolution(g, node, weights[node.input[1]]).write(node.output[0])
        else:
            g.nodes.append(node)
        nodes += g.nodes
        model.graph.initializer.extend(g.constants.values())
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return OnnxGraph(model, graph.weights)


def frontend_without_convolutions(path: Path, output: Path) -> None:
    """The frontend's graph for CUDA. It keeps its weights itself, all bits of them."""
    graph = without_convolutions(OnnxGraph.load(path))
    graph.model.graph.initializer.extend(numpy_helper.from_array(values, name) for name, values in graph.weights.items())
    onnx.save(graph.model, output)


class _Convolution:
    """x [B, I, H, W], w [O, I / group, h, k], bias [O]; or a frontend's x [B, 1, N], w [O, 1, k] without a bias."""

    def __init__(self, g: Builder, node: onnx.NodeProto, weight: np.ndarray):
        given = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        self.g, (self.x, self.w, *bias) = g, node.input
        self.bias = bias[0] if bias else ""
        self.shape, self.type = weight.shape, weight.dtype
        self.group, self.strides = given.get("group", 1), list(given.get("strides", [1, 1]))
        self.pads = list(given.get("pads", [0, 0, 0, 0]))

    def write(self, output: str) -> None:
        if len(self.shape) == 3 and self.shape[1] == 1 and not (any(self.pads) or self.bias):
            self._of_frames(output)
            return
        _, channels, height, width = self.shape
        if self.group > 1 and (channels, height, self.strides) == (1, 1, [1, 1]):
            self._depthwise(output)
        elif self.group == 1 and width == 1 and not any(self.pads) and self.strides == [1, 1]:
            self._over_the_height(output)
        elif self.group == 1 and self.pads[1] == self.pads[3] == 0:
            self._of_patches(output)
        else:
            raise ValueError(f"the convolution {output} of {self.shape} is none of a conformer's")

    def _of_frames(self, output: str) -> None:
        """The samples as columns of one stride each; a frame is a column and what it needs of those after it."""
        g, (outputs, _, size), stride = self.g, self.shape, self.strides[0]
        time = g.dimension(self.x, 2)
        frames = g.op("Add", g.op("Div", g.op("Sub", time, g.ints(size)), g.ints(stride)), g.ints(1))
        columns = -(-size // stride)
        fill = g.op("Sub", g.op("Mul", g.op("Add", frames, g.ints(columns)), g.ints(stride)), time)
        x = g.op("Pad", self.x, g.op("Concat", g.ints(0, 0, 0, 0, 0), fill, axis=0))
        x = g.op("Transpose", g.op("Reshape", x, g.ints(0, -1, stride)), perm=[0, 2, 1])  # [B, stride, columns]
        parts = []
        for first in range(columns):
            # Rows and columns of it.
            begins, rows = g.ints(0, first), g.ints(min(stride, size - first * stride))
            ends = g.op("Concat", rows, g.op("Add", frames, g.ints(first)), axis=0)
            parts.append(g.op("Slice", x, begins, ends, g.ints(1, 2)))
        kernel = g.op("Reshape", self.w, g.ints(outputs, size))
        g.op("MatMul", kernel, g.op("Concat", *parts, axis=1), name=output)

    def _depthwise(self, output: str) -> None:
        """Blocks of frames, each with the one after it, times the kernel at every place of a block: [C, B·n, 2L] × [C, 2L, L]."""
        g, (channels, _, _, size) = self.g, self.shape
        _, before, _, after = self.pads
        block = -(-max(size - 1, BLOCK) // BLOCK) * BLOCK
        time = g.dimension(self.x, 3)
        frames = g.op("Add", time, g.ints(before + after + 1 - size))
        blocks = g.op("Div", g.op("Add", frames, g.ints(block - 1)), g.ints(block))
        padded = g.op("Mul", g.op("Add", blocks, g.ints(1)), g.ints(block))
        fill = g.op("Sub", g.op("Sub", padded, time), g.ints(before))
        x = g.op("Pad", self.x, g.op("Concat", g.ints(0, 0, 0, before, 0, 0, 0), fill, axis=0))
        x = g.op("Reshape", x, g.ints(0, channels, -1, block))
        ends = (g.op("Slice", x, g.ints(0), g.ints(-1), g.ints(2)), g.op("Slice", x, g.ints(1), g.ints(2**31 - 1), g.ints(2)))
        x = g.op("Transpose", g.op("Concat", *ends, axis=3), perm=[1, 0, 2, 3])
        x = g.op("Reshape", x, g.ints(channels, -1, 2 * block))
        y = g.op("MatMul", x, self._at_every_place(block))
        y = g.op("Reshape", y, g.op("Concat", g.ints(channels), g.dimension(self.x, 0), g.ints(-1), axis=0))
        y = g.op("Transpose", g.op("Slice", y, g.ints(0), frames, g.ints(2)), perm=[1, 0, 2])
        g.op("Unsqueeze", g.op("Add", y, self._bias()), g.ints(2), name=output)

    def _at_every_place(self, block: int) -> str:
        """[C, 2L, L]: column j is the kernel, j frames later; the rest is zero."""
        g, (channels, _, _, size) = self.g, self.shape
        ago = np.arange(2 * block)[:, None] - np.arange(block)
        places = np.where((ago >= 0) & (ago < size), ago, size)
        zero = g.table("zero", np.zeros((channels, 1), self.type))
        kernel = g.op("Concat", g.op("Reshape", self.w, g.ints(channels, size)), zero, axis=1)
        return g.op("Gather", kernel, g.table("places", places), axis=1)

    def _over_the_height(self, output: str) -> None:
        """A kernel as high as its input."""
        g, (outputs, channels, height, _) = self.g, self.shape
        x = g.op("Transpose", g.op("Reshape", self.x, g.ints(0, channels * height, -1)), perm=[0, 2, 1])
        kernel = g.op("Reshape", self.w, g.ints(outputs, channels * height))
        # One rounding: product and bias in one operator.
        y = g.op("Gemm", g.op("Reshape", x, g.ints(-1, channels * height)), kernel, self.bias, transB=1)
        y = g.op("Reshape", y, g.op("Concat", g.dimension(self.x, 0), g.ints(-1, outputs), axis=0))
        g.op("Unsqueeze", g.op("Transpose", y, perm=[0, 2, 1]), g.ints(2), name=output)

    def _of_patches(self, output: str) -> None:
        """A product for each row of the kernel: all at once would hold every number nine times, and more than 2³¹ of them."""
        g, (outputs, channels, height, width) = self.g, self.shape
        x = g.op("Pad", self.x, g.ints(0, 0, self.pads[0], 0, 0, 0, self.pads[2], 0)) if any(self.pads) else self.x
        sizes = [
            g.op("Add", g.op("Div", g.op("Sub", g.dimension(x, axis), g.ints(size)), g.ints(stride)), g.ints(1))
            for axis, size, stride in ((2, height, self.strides[0]), (3, width, self.strides[1]))
        ]
        strides = g.ints(*self.strides)
        # Of what one place of the kernel sees.
        reach = g.op("Add", g.op("Mul", g.op("Sub", g.op("Concat", *sizes, axis=0), g.ints(1, 1)), strides), g.ints(1, 1))
        parts = []
        rows_at_once = height if channels == 1 else 1
        for first in range(0, height, rows_at_once):
            places = [(row, column) for row in range(first, first + rows_at_once) for column in range(width)]
            seen = [g.op("Slice", x, g.ints(*at), g.op("Add", reach, g.ints(*at)), g.ints(2, 3), strides) for at in places]
            patches = g.op("Reshape", g.op("Concat", *seen, axis=1), g.ints(0, len(places) * channels, -1))
            kernel = g.op("Slice", self.w, g.ints(first), g.ints(first + rows_at_once), g.ints(2))  # [O, I, rows, k]
            kernel = g.op("Transpose", kernel, perm=[0, 2, 3, 1])
            kernel = g.op("Reshape", kernel, g.ints(outputs, len(places) * channels))
            parts.append(g.op("MatMul", kernel, patches))
        y = self._bias()
        for part in parts:
            y = g.op("Add", part, y)
        shape = g.op("Concat", g.dimension(x, 0), g.ints(outputs), *sizes, axis=0)
        g.op("Reshape", y, shape, name=output)

    def _bias(self) -> str:
        return self.g.op("Reshape", self.bias, self.g.ints(-1, 1))
