"""Graphs to files over one file of weights."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.graph.half import as_half
from training.graph.onnx_graph import OnnxGraph
from training.graph.row_bytes import as_row_bytes
from training.graph.weight_file import WeightFile

WEIGHTS = "weights.bin"
INLINE = 1024  # elements up to which a tensor lies in the graph itself: each one outside costs onnxruntime a millisecond to load


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
            for suffix, stored in zip(("_q", "_s"), integers):
                model.graph.initializer.append(initialiser(f"{name}{suffix}", stored, weights))
            casts += product(name, values.dtype == np.float16)
        elif short is not None:
            model.graph.initializer.append(initialiser(f"{name}_h", short, weights))
            casts.append(helper.make_node("Cast", [f"{name}_h"], [name], to=TensorProto.FLOAT, name=f"{name}_cast"))
        else:
            model.graph.initializer.append(initialiser(name, values, weights))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    onnx.save(model, path)


def initialiser(name: str, values: np.ndarray, weights: WeightFile) -> TensorProto:
    return numpy_helper.from_array(np.ascontiguousarray(values), name) if values.size <= INLINE else weights.tensor(name, values)


def product(name: str, half: bool) -> list[onnx.NodeProto]:
    """Integers times scales, in 32 bits: of halves a CPU has no product, and what it cannot do at load a card does in each run."""

    def cast(source: str, output: str, to: int = TensorProto.FLOAT) -> onnx.NodeProto:
        return helper.make_node("Cast", [source], [output], to=to, name=f"{output}_cast")

    scale, result = (f"{name}_s_f", f"{name}_f32") if half else (f"{name}_s", name)
    scaled = helper.make_node("Mul", [f"{name}_f", scale], [result], name=f"{name}_scaled")
    nodes = [cast(f"{name}_q", f"{name}_f"), scaled]
    return [cast(f"{name}_s", scale), *nodes, cast(result, name, TensorProto.FLOAT16)] if half else nodes
