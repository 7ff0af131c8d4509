"""Nodes and weights of a graph, one call each."""

import numpy as np
import onnx
from onnx import helper, numpy_helper
from torch import Tensor

from training.graph.onnx_graph import IR_VERSION, OPSET, OnnxGraph

MICROSOFT = "com.microsoft"


class Builder:
    """`tensors` are the model's parameters and buffers by name; a weight keeps that name in the graph."""

    def __init__(self, tensors: dict[str, Tensor] | None = None, prefix: str = ""):
        self.tensors, self.prefix = tensors or {}, prefix
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, np.ndarray] = {}
        self.constants: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, *inputs: str, domain: str = "", name: str = "", **attributes) -> str:
        return self.ops(kind, [name or self._next(kind)], *inputs, domain=domain, **attributes)[0]

    def ops(self, kind: str, names: int | list[str], *inputs: str, domain: str = "", **attributes) -> list[str]:
        """Several outputs; an empty name leaves one out."""
        outputs = [self._next(kind, n) for n in range(names)] if isinstance(names, int) else names
        label = f"{self.prefix}{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=label, domain=domain, **attributes))
        return outputs

    def has(self, key: str) -> bool:
        return key in self.tensors

    def parameter(self, key: str) -> str:
        return self.weight(key, self.tensors[key].detach().numpy())

    def weight(self, name: str, value: np.ndarray) -> str:
        self.weights[name] = value
        return name

    def ints(self, *values: int) -> str:
        return self._constant(f"ints_{'_'.join(map(str, values))}", np.array(values, np.int64))

    def table(self, name: str, values: np.ndarray) -> str:
        return self._constant(name, values)

    def integer(self, value: int) -> str:
        return self._constant(f"int_{value}", np.array(value, np.int64))

    def number(self, value: float) -> str:
        return self._constant(f"number_{value!r}", np.array(value, np.float32))

    def dimension(self, x: str, axis: int) -> str:
        """int64 [1]."""
        return self.op("Shape", x, start=axis, end=axis + 1)

    def gemm(self, rows: str, layer: str, scale: float = 1.0) -> str:
        """scale·(rows·Wᵀ + b): rows [N, in] -> [N, out]. A 1 × 1 convolution's weight is a matrix too."""
        weight = self.tensors[f"{layer}.weight"].detach().numpy()
        inputs = [rows, self.weight(f"{layer}.weight", weight.reshape(weight.shape[:2]))]
        inputs += [self.parameter(f"{layer}.bias")] if self.has(f"{layer}.bias") else []
        return self.op("Gemm", *inputs, transB=1, alpha=scale, beta=scale)

    def norm(self, x: str, layer: str) -> str:
        weights = (self.parameter(f"{layer}.weight"), self.parameter(f"{layer}.bias"))
        return self.op("LayerNormalization", x, *weights, axis=-1, epsilon=1e-5)

    def finish(self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> OnnxGraph:
        graph = helper.make_graph(self.nodes, "graph", inputs, outputs, list(self.constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return OnnxGraph(helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION), self.weights)

    def _next(self, kind: str, output: int = 0) -> str:
        return f"{self.prefix}{kind}_{len(self.nodes)}_{output}"

    def _constant(self, name: str, value: np.ndarray) -> str:
        name = self.prefix + name
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(value, name)
        return name
