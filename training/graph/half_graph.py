"""A graph for GPUs that computes in 16-bit floats, from the one that computes in 32.

Products (convolutions are products here), experts and what lies between them take and give halves; their kernels add up in 32 bits, that
of softmax too. In 32 bits stay the features and their normalisation, layer norms and the sum that runs through all layers,
the routers of the experts, and what makes log-probs: the last product, log-softmax, the candidates, the targets'. The
weights are the rounded ones that the pack stores anyway, so that both precisions lie over one file.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.graph.onnx_graph import OnnxGraph
from training.graph.products import without_convolutions

# Rounded, log-probs below −8 would lie 0.008 apart.
EXACT = {"LogSoftmax", "TopK", "LayerNormalization"}
# Always in halves, even where what comes in is exact: the work.
HEAVY = {"Conv", "Gemm", "MatMul", "MoE", "MultiHeadAttention", "Softmax"}
# Give what they take, type and all; of these inputs.
MOVING = {
    **dict.fromkeys(("Reshape", "Transpose", "Unsqueeze", "Squeeze", "Slice", "Gather", "Expand", "Identity"), 1),
    **dict.fromkeys(("GatherElements", "GatherND", "Flatten", "Split", "Tile"), 1),
}
INTEGERS = {"Shape", "Size", "NonZero", "ArgMax", "ArgMin"}
BOOLEANS = {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf"}
# What masks subtract: two of them stay above the least half, −65504.
MOST = 3e4

SINGLE, HALF = TensorProto.FLOAT, TensorProto.FLOAT16


def in_half(graph: OnnxGraph, halves: tuple[str, ...] = ("encoder_out",)) -> OnnxGraph:
    """`halves`: inputs and outputs that are 16-bit floats; the others stay as they are."""
    model = onnx.ModelProto()
    model.CopyFrom(graph.model)
    pass_ = _Pass(graph, {t.name: t for t in model.graph.initializer if t.data_type == SINGLE})
    for value in (*model.graph.input, *model.graph.output):
        if value.name in halves:
            value.type.tensor_type.elem_type = HALF
    for value in model.graph.input:
        if value.type.tensor_type.elem_type in (SINGLE, HALF):
            pass_.types[value.name] = value.type.tensor_type.elem_type
            pass_.exact |= {value.name} if value.name not in halves else set()
    for node in graph.model.graph.node:
        pass_.convert(node)
    wanted = {value.name: value.type.tensor_type.elem_type for value in model.graph.output}
    for name, kind in wanted.items():
        if kind in (SINGLE, HALF) and pass_.types[name] != kind:
            pass_.give_as(name, kind)
    del model.graph.node[:]
    model.graph.node.extend(pass_.nodes)
    used = {name for node in pass_.nodes for name in node.input}
    kept = [t for t in model.graph.initializer if t.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *(t for t in pass_.constants if t.name in used)])
    del model.graph.value_info[:]
    weights = {name: values for name, values in pass_.weights.items() if name in used}
    return without_convolutions(OnnxGraph(model, weights))


@dataclass
class _Pass:
    graph: OnnxGraph
    # Constants small enough to lie in the graph itself, by name.
    inline: dict[str, TensorProto]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    # SINGLE or HALF of every float tensor that a node or the caller gives.
    types: dict[str, int] = field(default_factory=dict)
    # Those that arithmetic must leave in 32 bits.
    exact: set[str] = field(default_factory=set)
    made: dict[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weights: dict[str, np.ndarray] = dict(self.graph.weights)
        self.exact_products = exact_products(list(self.graph.model.graph.node))

    def is_float(self, name: str) -> bool:
        return name in self.types or name in self.weights or name in self.inline

    def convert(self, node: onnx.NodeProto) -> None:
        kind = node.op_type
        if kind == "Constant":
            self._constant(node)
            return
        if kind == "Cast":
            self._cast(node)
            return
        if kind == "ConstantOfShape":
            self._filled(node)
            return
        floats = [name for name in node.input if self.is_float(name)]
        exact = kind in EXACT or (kind not in HEAVY and any(name in self.exact for name in floats))
        exact = exact or node.output[0] in self.exact_products
        wanted = SINGLE if exact else HALF
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        limit = MOVING.get(kind, len(node.input))
        if kind in MOVING and node.input[0] in self.types:
            wanted = self.types[node.input[0]]
        for at, name in enumerate(copy.input[:limit]):
            if self.is_float(name):
                copy.input[at] = self.as_type(name, wanted)
        self.nodes.append(copy)
        if kind in INTEGERS or kind in BOOLEANS or not floats:
            return
        outputs = node.output[:1] if kind == "TopK" else node.output
        for name in outputs:
            self.types[name] = wanted
            if exact:
                self.exact.add(name)

    def as_type(self, name: str, wanted: int) -> str:
        """The name of that tensor in that type."""
        if self.types.get(name, SINGLE) == wanted:
            return name
        if (name, wanted) not in self.made:
            self.made[name, wanted] = self._copied(name, wanted)
        return self.made[name, wanted]

    def give_as(self, name: str, kind: int) -> None:
        """An output of the graph keeps its name; what gave it gets another."""
        inner = f"{name}/inner"
        for node in self.nodes:
            for names in (node.input, node.output):
                for at, one in enumerate(names):
                    if one == name:
                        names[at] = inner
        self.nodes.append(helper.make_node("Cast", [inner], [name], to=kind, name=f"{name}/cast"))

    def _copied(self, name: str, wanted: int) -> str:
        new = f"{name}/half" if wanted == HALF else f"{name}/single"
        if name in self.weights and name not in self.types:
            self.weights[new] = rounded(name, self.weights[name])
        elif name in self.inline and name not in self.types:
            values = numpy_helper.to_array(self.inline[name])
            self.constants.append(numpy_helper.from_array(rounded(name, values), new))
        else:
            self.nodes.append(helper.make_node("Cast", [name], [new], to=wanted, name=new))
        return new

    def _constant(self, node: onnx.NodeProto) -> None:
        value = next((a.t for a in node.attribute if a.name == "value"), None)
        if value is not None and value.data_type == SINGLE:
            # Now a constant like the others, which have a copy in each type that is asked for.
            self.inline[node.output[0]] = value
            self.constants.append(numpy_helper.from_array(numpy_helper.to_array(value), node.output[0]))
        else:
            self.nodes.append(node)

    def _cast(self, node: onnx.NodeProto) -> None:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        self.nodes.append(copy)
        if helper.get_attribute_value(node.attribute[0]) != SINGLE:
            return
        self.types[node.output[0]] = SINGLE
        if self.is_float(node.input[0]):
            self.exact.add(node.output[0])

    def _filled(self, node: onnx.NodeProto) -> None:
        self.nodes.append(node)
        value = next((a.t for a in node.attribute if a.name == "value"), None)
        if value is None or value.data_type == SINGLE:
            self.types[node.output[0]] = SINGLE


def exact_products(nodes: list[onnx.NodeProto]) -> set[str]:
    """What chooses experts, where a rounding could choose another, and the scores of tokens: a small part of the work."""
    giver = {name: node for node in nodes for name in node.output}
    found = set()
    for node in nodes:
        if node.op_type not in ("MoE", "LogSoftmax"):
            continue
        name = node.input[1 if node.op_type == "MoE" else 0]
        while name in giver and giver[name].op_type in ("Add", "Cast", *MOVING):
            found.add(name)
            inputs = giver[name].input
            name = next((one for one in inputs if one in giver), inputs[0])
        found.add(name)
    return found


def rounded(name: str, values: np.ndarray) -> np.ndarray:
    """To halves. What masks is cut to what halves hold; raises ValueError on a weight that does not fit."""
    if values.size > 1 and np.abs(values).max() > np.finfo(np.float16).max:
        raise ValueError(f"{name} does not fit into 16-bit floats")
    return np.clip(values, -MOST, MOST).astype(np.float16) if values.size <= 1 else values.astype(np.float16)
