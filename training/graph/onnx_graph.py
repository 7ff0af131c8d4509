"""A graph and its weights, apart: together they may be larger than the 2 GB that one protobuf holds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

OPSET = 17
IR_VERSION = 8


@dataclass
class OnnxGraph:
    """`model` has no initialiser of floats; they are in `weights`, by name."""

    model: onnx.ModelProto
    weights: dict[str, np.ndarray]

    @staticmethod
    def load(path: Path) -> "OnnxGraph":
        return OnnxGraph.of(onnx.load(path))

    @staticmethod
    def of(model: onnx.ModelProto) -> "OnnxGraph":
        """Takes the weights out of `model`."""
        graph, weights = model.graph, {}
        for tensor in [t for t in graph.initializer if t.data_type == TensorProto.FLOAT]:
            weights[tensor.name] = numpy_helper.to_array(tensor)
            graph.initializer.remove(tensor)
        # The tracer leaves tables (of positions) as constants.
        for node in [n for n in graph.node if n.op_type == "Constant"]:
            value = next((a.t for a in node.attribute if a.name == "value"), None)
            if value is not None and value.data_type == TensorProto.FLOAT and value.dims:
                weights[node.output[0]] = numpy_helper.to_array(value)
                graph.node.remove(node)
        return OnnxGraph(model, weights)


def restored(graph: onnx.GraphProto) -> tuple[dict[str, np.ndarray], list[onnx.NodeProto], set[str]]:
    """Weights that are stored in fewer bits (training/graph/save.py) in 32-bit floats, by the names that they have in the graph;
    the nodes that make them, and the initialisers that these read."""
    short = {t.name: t for t in graph.initializer if t.data_type in (TensorProto.FLOAT16, TensorProto.INT8)}
    casts = {n.output[0]: n for n in graph.node if n.op_type == "Cast" and n.input[0] in short}
    scales = {n.input[0]: n for n in graph.node if n.op_type == "Mul" and n.input[0] in casts}
    stored = {t.name: t for t in graph.initializer}
    weights, nodes, used = {}, [], set()
    for name, cast in casts.items():
        values = numpy_helper.to_array(short[cast.input[0]]).astype(np.float32)
        scaled = scales.get(name) if short[cast.input[0]].data_type == TensorProto.INT8 else None
        if scaled:
            values = values * numpy_helper.to_array(stored[scaled.input[1]]).astype(np.float32)
            used.add(scaled.input[1])
        weights[scaled.output[0] if scaled else name] = values
        nodes += [cast, scaled] if scaled else [cast]
        used.add(cast.input[0])
    return weights, nodes, used
