"""Linear layers in 8-bit integers: weights with a scale per output, activations with a scale per row.

A row (one frame, one token) is scaled by its own largest magnitude, so what it becomes does not depend on the others
in its batch; the integer product is exact. Activations are unsigned around 128 and weights signed, the one form for
which ONNX Runtime uses the processor's 8-bit dot products (AVX-VNNI, AVX512-VNNI). Processors without them add pairs
of products in 16 bits, which may saturate: REDUCED instead of LIMIT for the weights keeps clear of that.
"""

import re

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.graph.builder import MICROSOFT, Builder
from training.graph.onnx_graph import OnnxGraph

LIMIT = 127
REDUCED = 63
KEPT = r"\bgate\b|ctc_lo"  # routers decide, and the CTC head's log-probs are the search's scores: both stay in floats
SMALLEST = 1 << 14  # elements of a matrix worth it
ZERO = 128  # of activations


def quantise_linear(graph: OnnxGraph, keep: str = KEPT, limit: int = LIMIT) -> OnnxGraph:
    """Every Gemm and MatMul over a weight, but for those whose node or weight `keep` matches. Takes graph.weights."""
    return _Pass(graph, re.compile(keep), limit).run()


def quantise_columns(matrix: np.ndarray, limit: int = LIMIT) -> tuple[np.ndarray, np.ndarray]:
    """[K, N] -> int8 [K, N] and the scale of each column, float32 [N]."""
    scale = np.maximum(np.abs(matrix).max(0), 1e-12) / limit
    return np.clip(np.rint(matrix / scale), -limit, limit).astype(np.int8), scale.astype(np.float32)


def integer_product(b: Builder, rows: str, zero: int, name: str, matrix: np.ndarray, bias: str, limit: int) -> str:
    """uint8 rows [M, K] · matrix [K, N] as floats, in units of the rows' own scale; `bias` "" or [N]."""
    values, scale = quantise_columns(matrix, limit)
    one = b.number(1.0)
    inputs = (rows, b.weight(f"{name}/int8", values), one, b.weight(f"{name}/scale", scale), b.byte(zero), "", bias)
    return b.op("MatMulIntegerToFloat", *inputs[: 7 if bias else 5], domain=MICROSOFT)


class Int8Builder(Builder):
    def byte(self, value: int) -> str:
        return self._constant(f"byte_{value}", np.array(value, np.uint8))


class _Pass:
    def __init__(self, graph: OnnxGraph, keep: re.Pattern, limit: int):
        self.graph, self.keep, self.limit = graph, keep, limit
        self.makers = {name: node for node in graph.model.graph.node for name in node.output}
        self.scaled: dict[str, tuple[str, str]] = {}
        self.b = Int8Builder(prefix="int8/")

    def run(self) -> OnnxGraph:
        for node in self.graph.model.graph.node:
            if self._wanted(node):
                self._linear(node)
            else:
                self.b.nodes.append(node)
        return replace(self.graph, self.b)

    def _wanted(self, node: onnx.NodeProto) -> bool:
        if node.op_type not in ("Gemm", "MatMul") or node.domain or node.input[1] not in self.graph.weights:
            return False
        weight = self.graph.weights[node.input[1]]
        named = self.keep.search(node.name) or self.keep.search(node.input[1])
        return weight.ndim == 2 and weight.size >= SMALLEST and not named

    def _linear(self, node: onnx.NodeProto) -> None:
        b, x, name = self.b, node.input[0], node.input[1]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        matrix = self.graph.weights[name] * np.float32(attributes.get("alpha", 1.0))
        matrix = matrix.T if attributes.get("transB") else matrix
        flat = node.op_type == "Gemm"
        rows, scale = self._scaled(x if flat else b.op("Reshape", x, b.ints(-1, len(matrix))), x, flat)
        y = b.op("Mul", integer_product(b, rows, ZERO, name, matrix, "", self.limit), scale)
        output = node.output[0]
        if len(node.input) > 2:
            bias = node.input[2]
            factor = attributes.get("beta", 1.0)
            if factor != 1.0:
                bias = b.weight(f"{bias}/{factor}", self.graph.weights[bias] * np.float32(factor))
            y = b.op("Add", y, bias, name=output if flat else "")
        elif flat:
            b.nodes[-1].output[0] = output
        if not flat:
            shape = b.op("Concat", b.op("Shape", x, end=-1), b.ints(matrix.shape[1]), axis=0)
            b.op("Reshape", y, shape, name=output)

    def _scaled(self, rows: str, x: str, flat: bool) -> tuple[str, str]:
        """rows float [M, K] -> uint8 [M, K] around ZERO and scales [M, 1]; once for all layers that read x."""
        if x in self.scaled:
            return self.scaled[x]
        b, maker = self.b, self.makers.get(x)
        if flat and maker is not None and maker.op_type == "Gather" and maker.input[0] in self.makers:
            # Rows picked for an expert: scaled once for all experts, picked as bytes.
            whole = self._scaled(maker.input[0], maker.input[0], True)
            found = tuple(b.op("Gather", part, maker.input[1], axis=0) for part in whole)
        else:
            largest = b.op("ReduceMax", b.op("Abs", rows), axes=[1], keepdims=0)
            scale = b.op("Max", b.op("Mul", largest, b.number(1 / LIMIT)), b.number(1e-12))
            zero = numpy_helper.from_array(np.array([ZERO], np.uint8))
            zeros = b.op("ConstantOfShape", b.op("Shape", scale), value=zero)
            found = b.op("QuantizeLinear", rows, scale, zeros, axis=0), b.op("Unsqueeze", scale, b.ints(1))
        self.scaled[x] = found
        return found


def replace(graph: OnnxGraph, b: Builder) -> OnnxGraph:
    """The builder's nodes instead of the graph's, without those and those weights that nothing reads any more."""
    needed, kept = {output.name for output in graph.model.graph.output}, []
    for node in reversed(b.nodes):
        if any(name in needed for name in node.output):
            kept.append(node)
            needed.update(node.input)
    old = graph.model.graph
    initialisers = [t for t in old.initializer if t.name in needed]
    constants = [t for name, t in b.constants.items() if name in needed]
    new = helper.make_graph(kept[::-1], old.name, old.input, old.output, initialisers + constants)
    weights = {name: values for name, values in (graph.weights | b.weights).items() if name in needed}
    graph.weights.clear()
    model = helper.make_model(new, opset_imports=_opsets(graph.model), ir_version=graph.model.ir_version)
    return OnnxGraph(model, weights)


def _opsets(model: onnx.ModelProto) -> list[onnx.OperatorSetIdProto]:
    found = {entry.domain: entry.version for entry in model.opset_import} | {MICROSOFT: 1}
    return [helper.make_opsetid(domain, version) for domain, version in found.items()]
