"""Graphs to files over one file of weights."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.helper import np_dtype_to_tensor_dtype

from training.graph.half import SMALL, as_half
from training.graph.onnx_graph import OnnxGraph
from training.graph.row_bytes import as_row_bytes
from training.graph.weight_file import WeightFile

WEIGHTS = "weights.bin"


def save_graphs(graphs: dict[str, OnnxGraph], folder: Path, bits: int = 32) -> None:
    """`graphs` by file name; `bits` that a weight is stored in: 32, 16, or 8 where that is what it was rounded to."""
    with WeightFile(folder / WEIGHTS) as weights:
        for name, graph in graphs.items():
            save(graph, folder / name, weights, bits)


def save(graph: OnnxGraph, path: Path, weights: WeightFile, bits: int) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(graph.model)
    casts = []
    for name, values in graph.weights.items():
        integers = as_row_bytes(values) if bits == 8 else None
        short = as_half(name, values) if bits < 32 and integers is None else None
        if integers is not None:
            kind = np_dtype_to_tensor_dtype(values.dtype)
            for suffix, stored in zip(("_q", "_s"), integers):
                model.graph.initializer.append(weights.tensor(f"{name}{suffix}", stored))
            casts.append(helper.make_node("Cast", [f"{name}_q"], [f"{name}_f"], to=kind, name=f"{name}_cast"))
            casts.append(helper.make_node("Mul", [f"{name}_f", f"{name}_s"], [name], name=f"{name}_scaled"))
        elif short is not None:
            model.graph.initializer.append(weights.tensor(f"{name}_h", short))
            casts.append(helper.make_node("Cast", [f"{name}_h"], [name], to=TensorProto.FLOAT, name=f"{name}_cast"))
        elif values.size < SMALL:
            model.graph.initializer.append(numpy_helper.from_array(values, name))
        else:
            model.graph.initializer.append(weights.tensor(name, values))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    onnx.save(model, path)
