"""Graphs to files over one file of weights."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper, numpy_helper

from training.graph.half import SMALL, as_half
from training.graph.onnx_graph import OnnxGraph
from training.graph.weight_file import WeightFile

WEIGHTS = "weights.bin"


def save_graphs(graphs: dict[str, OnnxGraph], folder: Path, half: bool = False) -> None:
    """`graphs` by file name; `half` stores the weights in 16 bits."""
    with WeightFile(folder / WEIGHTS) as weights:
        for name, graph in graphs.items():
            save(graph, folder / name, weights, half)


def save(graph: OnnxGraph, path: Path, weights: WeightFile, half: bool) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(graph.model)
    casts = []
    for name, values in graph.weights.items():
        short = as_half(name, values) if half else None
        if short is not None:
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
