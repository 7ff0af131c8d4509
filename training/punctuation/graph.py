"""The punctuator as a graph for ONNX Runtime, node by node; its matrices in 8 bits, its arithmetic in 32.

A matrix is stored as int8 with one scale a row behind Cast and Mul, which the runtime folds when it loads the graph. Tables
stay in 8 bits in memory too: their rows are made floats when they are looked up.
"""

import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from training.graph.builder import Builder
from training.punctuation.config import NetConfig
from training.punctuation.model import CASES, MARKS, MASKED, PAIR_FACTOR, SHORT

WHOLE, SCALE = "_i8", "_scale"  # behind a weight's name
SMALL = 256  # elements; biases, norms and heads' biases stay exact
INT64, FLOAT = TensorProto.INT64, TensorProto.FLOAT


def save_punctuator(tensors: dict[str, Tensor], c: NetConfig, path: Path, bits: int = 8) -> None:
    """`tensors` by name as `Punctuator.state_dict` has them; `bits` 8 or 32 a weight."""
    graph = PunctuatorGraph(Builder(tensors), c, bits).build()
    weights = (numpy_helper.from_array(np.ascontiguousarray(values), name) for name, values in graph.weights.items())
    graph.model.graph.initializer.extend(weights)
    onnx.checker.check_model(graph.model)
    onnx.save(graph.model, path)


def in_eight_bits(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 of the same shape, and a scale for each row of the first axis."""
    most = np.abs(values).max(axis=tuple(range(1, values.ndim)), keepdims=True)
    scale = np.maximum(most / 127, 1e-12).astype(np.float32)
    return np.round(values / scale).astype(np.int8), scale


def read_weights(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """What `save_punctuator` stored, as floats under the model's names; the graph's other constants beside them."""
    stored = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    out = {name: values for name, values in stored.items() if not name.endswith((WHOLE, SCALE))}
    for name in (name.removesuffix(WHOLE) for name in stored if name.endswith(WHOLE)):
        out[name] = stored[f"{name}{WHOLE}"].float() * stored[f"{name}{SCALE}"]
    return out


class PunctuatorGraph:
    def __init__(self, g: Builder, c: NetConfig, bits: int):
        self.g, self.c, self.bits = g, c, bits

    def build(self):
        g, c = self.g, self.c
        length = g.dimension("pieces", 1)
        steps = g.op("Range", g.integer(0), g.op("Squeeze", length), g.integer(1))
        inside = g.op("Less", g.op("Unsqueeze", steps, g.ints(0)), g.op("Unsqueeze", "lens", g.ints(1)))
        present = g.op("Cast", inside, to=FLOAT)  # [B, L]
        hidden = g.op("Mul", g.op("Sub", g.number(1.0), present), g.number(MASKED))
        self.hidden = g.op("Unsqueeze", hidden, g.ints(1, 2))
        self.present = g.op("Unsqueeze", present, g.ints(2))
        x = self.inputs()
        for n in range(c.blocks):
            x = self.block(x, f"blocks.{n}", n + 1 in c.attention)
        x = g.norm(x, "norm")
        for name, head in (("case", "case_head"), ("punctuation", "mark_head")):
            g.op("LogSoftmax", self.linear(x, head), axis=2, name=name)
        inputs = [("pieces", INT64, ["B", "L"]), ("lens", INT64, ["B"]), ("pauses", FLOAT, ["B", "L", 2])]
        outputs = [("case", FLOAT, ["B", "L", CASES]), ("punctuation", FLOAT, ["B", "L", MARKS])]
        return g.finish(*([helper.make_tensor_value_info(*x) for x in side] for side in (inputs, outputs)))

    def inputs(self) -> str:
        g, c = self.g, self.c
        x = self.rows("piece_embedding.weight", "pieces")
        x = self.linear(x, "piece_projection") if c.piece_size else x
        if c.pair_rows:
            before = g.op("Pad", "pieces", g.ints(0, 1, 0, -1), g.integer(0))
            number = g.op("Add", g.op("Mul", before, g.integer(PAIR_FACTOR)), "pieces")
            pairs = self.rows("pair_embedding.weight", g.op("Mod", number, g.integer(c.pair_rows)))
            x = g.op("Add", x, self.linear(pairs, "pair_projection"))
        length = g.op("Max", "pauses", g.number(0.0))
        known = g.op("Cast", g.op("GreaterOrEqual", "pauses", g.number(0.0)), to=FLOAT)
        short = g.op("Min", g.op("Mul", length, g.number(SHORT)), g.number(1.0))
        pauses = g.op("Concat", known, length, short, axis=2)
        pauses = g.op("Relu", self.linear(pauses, "pause_embedding"))
        return g.op("Add", x, self.linear(pauses, "pause_projection"))

    def block(self, x: str, at: str, attention: bool) -> str:
        g, c = self.g, self.c
        if attention:
            x = g.op("Add", x, self.attend(g.norm(x, f"{at}.attention.norm"), f"{at}.attention"))
        y = g.op("Mul", g.norm(x, f"{at}.norm"), self.present)
        y = g.op("Transpose", y, perm=[0, 2, 1])
        weight, bias = self.matrix(f"{at}.depthwise_conv.weight"), g.parameter(f"{at}.depthwise_conv.bias")
        y = g.op("Conv", y, weight, bias, group=c.size, pads=[c.kernel // 2] * 2)
        y = g.norm(g.op("Transpose", y, perm=[0, 2, 1]), f"{at}.inner_norm")
        y = g.op("Relu", self.linear(y, f"{at}.up"))
        return g.op("Add", x, self.linear(g.op("Mul", y, y), f"{at}.down"))

    def attend(self, x: str, at: str) -> str:
        g, heads = self.g, self.c.heads
        split = g.ints(0, 0, heads, -1)
        q, k, v = (g.op("Reshape", self.linear(x, f"{at}.{name}"), split) for name in ("query", "key", "value"))
        q = g.op("Mul", g.op("Transpose", q, perm=[0, 2, 1, 3]), g.number(1 / math.sqrt(self.c.size // heads)))
        scores = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 2, 3, 1]))
        weights = g.op("Softmax", g.op("Add", scores, self.hidden), axis=-1)
        y = g.op("MatMul", weights, g.op("Transpose", v, perm=[0, 2, 1, 3]))
        y = g.op("Reshape", g.op("Transpose", y, perm=[0, 2, 1, 3]), g.ints(0, 0, self.c.size))
        return self.linear(y, f"{at}.out")

    def linear(self, x: str, layer: str) -> str:
        """[B, L, in] -> [B, L, out]."""
        g = self.g
        y = g.op("MatMul", x, g.op("Transpose", self.matrix(f"{layer}.weight"), perm=[1, 0]))
        return g.op("Add", y, g.parameter(f"{layer}.bias")) if g.has(f"{layer}.bias") else y

    def matrix(self, name: str) -> str:
        """A weight as floats; the runtime makes them when it loads the graph."""
        return self.floats(*self.stored(name))

    def rows(self, table: str, at: str) -> str:
        """A table's rows of these numbers, floats only then."""
        return self.floats(*(self.g.op("Gather", part, at) for part in self.stored(table)))

    def stored(self, name: str) -> list[str]:
        """A weight as it is, or its integers and their scales."""
        values = self.g.tensors[name].detach().numpy()
        if self.bits == 32 or values.size < SMALL:
            return [self.g.weight(name, values)]
        whole, scale = in_eight_bits(values)
        return [self.g.weight(f"{name}{WHOLE}", whole), self.g.weight(f"{name}{SCALE}", scale)]

    def floats(self, values: str, scale: str | None = None) -> str:
        return values if scale is None else self.g.op("Mul", self.g.op("Cast", values, to=FLOAT), scale)
