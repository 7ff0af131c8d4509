"""The convolutions of the subsampling in 8-bit integers: more than a third of a dense encoder's arithmetic.

A scale per row has no meaning here, because a kernel covers several frames. What ReLU leaves is never negative, so it
takes all of 0…255, each channel scaled by the largest value that it had in some seconds of speech (with room above);
more is clipped. ReLU commutes with those scales, so they disappear into the weights.
"""

from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from training.export.int8_linear import LIMIT, Int8Builder, integer_product, replace
from training.graph.onnx_graph import OnnxGraph

ROOM = 1.25  # above the largest value seen
TOP = 255


@dataclass
class Chain:
    """Conv, Relu, Conv, Relu (, Conv, Relu) from the features on, and the projection if it is a convolution too."""

    convolutions: list[onnx.NodeProto]
    relus: list[onnx.NodeProto]
    projection: list[onnx.NodeProto]  # Conv, Transpose; or nothing


def quantise_subsampling(graph: OnnxGraph, features: list[np.ndarray], limit: int = LIMIT) -> OnnxGraph:
    """features: float32 [T, bins] each, of speech. The graph as it is where it has no such convolutions."""
    chain = find_chain(graph)
    if len(chain.convolutions) < 2:
        return graph
    ranges = [np.maximum(r, 1e-6) * (ROOM / TOP) for r in channel_ranges(graph, chain, features)]
    b = Int8Builder(prefix="int8/")
    gone = {id(node) for part in (chain.convolutions, chain.relus, chain.projection) for node in part}
    for node in graph.model.graph.node:
        if node is chain.convolutions[0]:
            _subsample(b, graph, chain, ranges, limit)
        if id(node) not in gone:
            b.nodes.append(node)
    return replace(graph, b)


def find_chain(graph: OnnxGraph) -> Chain:
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    chain = Chain([], [], [])
    node = next((n for n in graph.model.graph.node if n.op_type == "Conv"), None)
    while node is not None and node.op_type == "Conv":
        after = readers[node.output[0]][0]
        if after.op_type == "Relu":
            chain.convolutions.append(node)
            chain.relus.append(after)
        elif chain.convolutions and after.op_type == "Transpose":
            chain.projection = [node, after]
        node = readers[after.output[0]][0] if after.op_type == "Relu" else None
    return chain


def channel_ranges(graph: OnnxGraph, chain: Chain, features: list[np.ndarray]) -> list[np.ndarray]:
    """The largest value of every channel [C] after each ReLU."""
    needed, nodes = {relu.output[0] for relu in chain.relus}, []
    for node in reversed(graph.model.graph.node):
        if any(name in needed for name in node.output):
            nodes.append(node)
            needed.update(node.input)
    weights = [numpy_helper.from_array(v, name) for name, v in graph.weights.items() if name in needed]
    constants = [t for t in graph.model.graph.initializer if t.name in needed]
    outputs = [helper.make_tensor_value_info(r.output[0], TensorProto.FLOAT, None) for r in chain.relus]
    inputs = [i for i in graph.model.graph.input if i.name in needed]
    start = helper.make_graph(nodes[::-1], "subsampling", inputs, outputs, weights + constants)
    opsets = list(graph.model.opset_import)
    model = helper.make_model(start, opset_imports=opsets, ir_version=graph.model.ir_version)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = [session.run(None, {inputs[0].name: piece[None]}) for piece in features]
    return [np.max([values.max((0, 2, 3)) for values in stage], axis=0) for stage in zip(*found)]


def _subsample(b: Int8Builder, graph: OnnxGraph, chain: Chain, ranges: list[np.ndarray], limit: int) -> None:
    one, zero = b.number(1.0), b.byte(0)
    first = chain.convolutions[0]
    w, bias = (graph.weights[name] for name in first.input[1:3])
    scale = ranges[0]
    inputs = (
        b.weight(f"{first.input[1]}/scaled", w / scale[:, None, None, None]),
        b.weight(f"{first.input[2]}/scaled", bias / scale),
    )
    x = b.op("Conv", first.input[0], *inputs, **_attributes(first))
    x = b.op("QuantizeLinear", x, one, zero)  # below 0 it saturates: that is the ReLU
    for node, before, after in zip(chain.convolutions[1:], ranges, ranges[1:]):
        w, bias = (graph.weights[name] for name in node.input[1:3])
        w = w * before[None, :, None, None] / after[:, None, None, None]
        scale = np.maximum(np.abs(w).max((1, 2, 3)), 1e-12) / limit
        values = np.clip(np.rint(w / scale[:, None, None, None]), -limit, limit).astype(np.int8)
        name = node.input[1]
        weights = [b.weight(f"{name}/int8", values), b.weight(f"{name}/scale", scale.astype(np.float32))]
        weights.append(b.weight(f"{name}/zero", np.zeros(len(w), np.int8)))
        added = b.weight(f"{node.input[2]}/int32", np.rint(bias / after / scale).astype(np.int32))
        x = b.op("QLinearConv", x, one, zero, *weights, one, zero, added, **_attributes(node))
    if chain.projection:
        _project(b, graph, chain, x, ranges[-1], limit)
    else:
        scale = b.weight(f"{chain.relus[-1].output[0]}/scale", ranges[-1].astype(np.float32))
        zeros = b.weight(f"{chain.relus[-1].output[0]}/zero", np.zeros(len(ranges[-1]), np.uint8))
        b.op("DequantizeLinear", x, scale, zeros, axis=1, name=chain.relus[-1].output[0])


def _project(b: Int8Builder, graph: OnnxGraph, chain: Chain, x: str, scale: np.ndarray, limit: int) -> None:
    """x uint8 [B, C, F', T'] -> floats [B, 1, T', D]: the kernel spans all of F', so it is a matrix product."""
    node, transpose = chain.projection
    w = graph.weights[node.input[1]]  # [D, C, F', 1]
    matrix = (w * scale[None, :, None, None]).reshape(len(w), -1).T
    x = b.op("Transpose", x, perm=[0, 3, 1, 2])  # [B, T', C, F']
    shape = b.op("Concat", b.dimension(x, 0), b.ints(1), b.dimension(x, 1), b.ints(len(w)), axis=0)
    rows = b.op("Reshape", x, b.ints(-1, len(matrix)))
    y = integer_product(b, rows, 0, node.input[1], matrix, node.input[2], limit)
    b.op("Reshape", y, shape, name=transpose.output[0])


def _attributes(node: onnx.NodeProto) -> dict:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}
