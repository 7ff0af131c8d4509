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
        model = onnx.load(path)
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
