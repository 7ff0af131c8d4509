"""Weights stored as 16-bit floats behind Cast nodes: half the file, while the arithmetic stays in 32 bits."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALL = 256  # elements; biases and norms stay exact


def store_as_half(path: Path) -> None:
    model = onnx.load(path)
    graph = model.graph
    casts = [c for tensor in list(graph.initializer) if (c := _shrink_initializer(graph, tensor))]
    casts += [c for node in graph.node if (c := _shrink_constant(node))]
    # A graph's nodes stand in order: constants, then the casts over them and over initialisers, then the rest.
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(n for n in nodes if n.op_type == "Constant")
    graph.node.extend(casts)
    graph.node.extend(n for n in nodes if n.op_type != "Constant")
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _shrink_initializer(graph: onnx.GraphProto, tensor: onnx.TensorProto) -> onnx.NodeProto | None:
    half = _as_half(tensor)
    if half is None:
        return None
    name = tensor.name
    graph.initializer.remove(tensor)
    graph.initializer.append(numpy_helper.from_array(half, f"{name}_h"))
    return helper.make_node("Cast", [f"{name}_h"], [name], to=TensorProto.FLOAT, name=f"{name}_cast")


def _shrink_constant(node: onnx.NodeProto) -> onnx.NodeProto | None:
    """The table of positions becomes a Constant, not an initialiser."""
    if node.op_type != "Constant":
        return None
    for attribute in node.attribute:
        half = _as_half(attribute.t) if attribute.name == "value" else None
        if half is not None:
            attribute.t.CopyFrom(numpy_helper.from_array(half))
            name = node.output[0]
            node.output[0] = f"{name}_h"
            return helper.make_node("Cast", [f"{name}_h"], [name], to=TensorProto.FLOAT, name=f"{name}_cast")
    return None


def _as_half(tensor: onnx.TensorProto) -> np.ndarray | None:
    if tensor.data_type != TensorProto.FLOAT:
        return None
    values = numpy_helper.to_array(tensor)
    if values.size < SMALL:
        return None
    if np.abs(values).max() > np.finfo(np.float16).max:
        raise ValueError(f"{tensor.name} does not fit into 16-bit floats")
    return values.astype(np.float16)
