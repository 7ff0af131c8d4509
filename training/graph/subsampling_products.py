"""The subsampling of features as matrix products that copy nothing large, for CUDA.

At the paper's width its second convolution is a third of the encoder's arithmetic, and as a product of what is gathered from
the first one's outputs it moves as much as all twelve layers. Here what the second one sees is made where it is seen: the
first kernel at every place of the second is one matrix over the 7 × 7 features below, which are few, and so are their copies.
Frames and bins are rows and channels are columns, throughout.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper

from training.graph.builder import Builder

ALIGNED = 8  # products of halves are fast where the columns are a multiple
OUTSIDE = -3e4  # no number of a hidden layer makes it good: ReLU gives 0


@dataclass(frozen=True)
class _Layer:
    """A convolution over bins and frames with a weight [O, I, bins, frames], one stride for both, `pad` zeros at both ends of the bins."""

    weight: str
    bias: str
    outputs: int
    bins: int
    frames: int
    stride: int
    pad: int

    @staticmethod
    def of(node: onnx.NodeProto, shape: tuple[int, ...]) -> "_Layer | None":
        given = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        strides, pads = given.get("strides", [1, 1]), given.get("pads", [0, 0, 0, 0])
        usual = len(node.input) == 3 and given.get("group", 1) == 1 and strides[0] == strides[1]
        if not usual or pads[0] != pads[2] or pads[1] != 0 or pads[3] != 0:
            return None
        return _Layer(*node.input[1:], shape[0], shape[2], shape[3], strides[0], pads[0])

    def places(self, bins: int) -> int:
        return (bins + 2 * self.pad - self.bins) // self.stride + 1


@dataclass(frozen=True)
class SubsamplingProducts:
    """features [B, 1, bins, T] → convolution, ReLU, convolution, ReLU, projection of all bins → [B, D, 1, T']."""

    features: str
    bins: int
    first: _Layer
    second: _Layer
    projection: onnx.NodeProto
    members: tuple[str, ...]  # outputs of the nodes that `write` stands for

    @staticmethod
    def find(graph: onnx.GraphProto, shapes: dict[str, tuple[int, ...]]) -> "SubsamplingProducts | None":
        """Where the graph has one of two convolutions; `shapes` of its weights."""
        speech = next((value.type.tensor_type.shape.dim for value in graph.input if value.name == "speech"), None)
        convolutions = [node for node in graph.node if node.op_type == "Conv"][:3]
        users = {name: node for node in graph.node for name in node.input}
        if speech is None or len(convolutions) < 3:
            return None
        first, second, projection = convolutions
        nodes = (first, users[first.output[0]], second, users[second.output[0]], projection)
        joined = all(one.output[0] == other.input[0] for one, other in zip(nodes, nodes[1:]))
        layers = [_Layer.of(node, shapes[node.input[1]]) for node in (first, second)]
        if not joined or [node.op_type for node in nodes[1::2]] != ["Relu", "Relu"] or None in layers:
            return None
        bins = speech[2].dim_value
        if shapes[projection.input[1]][2:] != (layers[1].places(layers[0].places(bins)), 1):
            return None
        return SubsamplingProducts(first.input[0], bins, *layers, projection, tuple(node.output[0] for node in nodes))

    def write(self, g: Builder, kind: np.dtype) -> None:
        """`kind` of the weights."""
        second, (output,) = self.second, self.projection.output
        rows, frames = self._padded(g, kind), self._frames(g)
        first_kernel = self._first_kernel(g, kind)
        y = second.bias
        for at in range(second.frames):
            # One column of the kernel at a time: all at once would be more than 2³¹ numbers.
            seen = g.op("Relu", g.op("MatMul", self._patches(g, rows, frames, at), first_kernel))
            column = g.op("Slice", second.weight, g.ints(at), g.ints(at + 1), g.ints(3))  # [O, I, bins, 1]
            column = g.op("Transpose", column, perm=[3, 2, 1, 0])
            column = g.op("Reshape", column, g.ints(second.bins * self.first.outputs, second.outputs))
            y = g.op("Add", g.op("MatMul", seen, column), y)
        kernel = g.op("Transpose", self.projection.input[1], perm=[3, 2, 1, 0])  # [1, places, O, D]
        kernel = g.op("Reshape", kernel, g.ints(self._places * second.outputs, -1))
        x = g.op("Reshape", g.op("Relu", y), g.ints(-1, self._places * second.outputs))
        # One rounding: product and bias in one operator.
        x = g.op("Gemm", x, kernel, self.projection.input[2])
        x = g.op("Reshape", x, g.op("Concat", g.dimension(self.features, 0), g.ints(1), frames, g.ints(-1), axis=0))
        g.op("Transpose", x, perm=[0, 3, 1, 2], name=output)

    @property
    def _places(self) -> int:
        """Of the second convolution, over the bins."""
        return self.second.places(self.first.places(self.bins))

    @property
    def _step(self) -> int:
        """Bins from one of them to the next, and frames."""
        return self.first.stride * self.second.stride

    @property
    def _seen(self) -> int:
        """Bins that a place of the second convolution sees."""
        return self.first.stride * (self.second.bins - 1) + self.first.bins

    @property
    def _width(self) -> int:
        """Of padded rows, without what follows: as many bins as any place sees, from the first place's on."""
        return max(self._before + self.bins, self._step * (self._places - 1) + self._seen)

    @property
    def _before(self) -> int:
        return self.first.pad + self.first.stride * self.second.pad

    def _padded(self, g: Builder, kind: np.dtype) -> str:
        """[B, T, _width + 2]: the bins between zeros, behind them a 0 and a 1."""
        rows = g.op("Reshape", g.op("Transpose", self.features, perm=[0, 3, 2, 1]), g.ints(0, 0, -1))
        rows = g.op("Pad", rows, g.ints(0, 0, self._before, 0, 0, self._width + 1 - self._before - self.bins))
        return g.op("Pad", rows, g.ints(0, 0, 0, 0, 0, 1), g.table("one", np.array(1, kind)))

    def _frames(self, g: Builder) -> str:
        """int64 [1]."""
        frames = g.dimension(self.features, 3)
        for layer in (self.first, self.second):
            frames = g.op("Div", g.op("Sub", frames, g.ints(layer.frames)), g.ints(layer.stride))
            frames = g.op("Add", frames, g.ints(1))
        return frames

    def _patches(self, g: Builder, rows: str, frames: str, at: int) -> str:
        """[B, T', places, columns] of what the second kernel's column `at` sees."""
        first = self.first
        reach = g.op("Add", g.op("Mul", g.op("Sub", frames, g.ints(1)), g.ints(self._step)), g.ints(1))
        begins = [first.stride * at + frame for frame in range(first.frames)]
        seen = [g.op("Slice", rows, g.ints(n), g.op("Add", reach, g.ints(n)), g.ints(1), g.ints(self._step)) for n in begins]
        return g.op("Gather", g.op("Concat", *seen, axis=2), g.table("columns", self._columns()), axis=2)

    def _columns(self) -> np.ndarray:
        """Int64 [places, columns] into the rows of a few frames beside each other: the frames' bins, the 1 of the bias, a 1 for each bin of
        the second kernel where that is outside; zeros up to a multiple."""
        first, second = self.first, self.second
        inner = first.places(self.bins)
        place = np.arange(self._places)[:, None]
        zero, one = self._width, self._width + 1
        columns = [frame * (self._width + 2) + self._step * place + np.arange(self._seen) for frame in range(first.frames)]
        within = second.stride * place - second.pad + np.arange(second.bins)
        columns += [np.full_like(place, one), np.where((within < 0) | (within >= inner), one, zero)]
        fill = -sum(x.shape[1] for x in columns) % ALIGNED
        return np.concatenate([*columns, np.full((len(place), fill), zero)], 1)

    def _first_kernel(self, g: Builder, kind: np.dtype) -> str:
        """[columns, bins of the second kernel · channels]: the first kernel at each of these bins."""
        first, second = self.first, self.second
        size = first.bins * first.frames
        bias, zero, outside = size, size + 1, size + 2
        frame, row, bin_ = np.ix_(range(first.frames), range(self._seen), range(second.bins))
        inside = row - first.stride * bin_
        places = np.where((inside >= 0) & (inside < first.bins), inside * first.frames + frame, zero)
        places = [places.reshape(-1, second.bins), np.full((1, second.bins), bias), np.where(np.eye(second.bins), outside, zero)]
        fill = len(self._columns()[0]) - sum(len(x) for x in places)
        places = np.concatenate([*places, np.full((fill, second.bins), zero)]).astype(np.int64)
        fixed = np.tile(np.array([0, OUTSIDE], kind), (first.outputs, 1))
        flat = g.op("Reshape", first.weight, g.ints(first.outputs, size))
        table = g.op("Concat", flat, g.op("Reshape", first.bias, g.ints(-1, 1)), g.table("fixed", fixed), axis=1)
        kernel = g.op("Gather", table, g.table("kernel", places), axis=1)  # [channels, columns, bins]
        return g.op("Reshape", g.op("Transpose", kernel, perm=[1, 2, 0]), g.ints(len(places), second.bins * first.outputs))
