"""python -m training.importing.pack --pack models/u2pp-moe-en-41m --output init.pt — a pack back into a checkpoint.

Fine-tuning starts from it: `python -m training.train --init init.pt …`; so does exporting it anew. Weights come back
as the pack stores them (16-bit floats); the configuration must be the one the pack was made with.
"""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.config import Config, from_arguments
from training.graph.convolution import BEFORE_FIRST, FOLDED, PART
from training.graph.subsampling import SWAPPED
from training.graph.onnx_graph import restored
from training.importing.command import run
from training.model import AsrModel

# The exporter calls the model it wraps `model`; the first pack called it `m`.
WRAPPER = re.compile(r"^(model|m)\.")


def main() -> None:
    run(__doc__, from_arguments, import_pack)


def import_pack(pack: Path, config: Config) -> AsrModel:
    """Raises ValueError that names the parameters the pack lacks or has in another shape."""
    found: dict[str, np.ndarray] = {}
    for file in ("encoder", "decoder"):
        found |= read_weights(onnx.load(pack / f"{file}.onnx").graph)
    model = AsrModel(config.model)
    problems = []
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            if name.endswith("positions"):
                continue
            value = found.get(name)
            if value is None:
                problems.append(f"{name} is not in the pack")
            elif value.size != tensor.numel():
                problems.append(f"{name} is {list(value.shape)}, expected {list(tensor.shape)}")
            else:
                tensor.copy_(torch.from_numpy(value.astype(np.float32)).reshape(tensor.shape))
    if problems:
        raise ValueError("\n".join(problems))
    return model


def read_weights(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """By the model's own names: initialisers keep them but for matrices, which are named by the node they serve."""
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer} | restored(graph)[0]
    out = {WRAPPER.sub("", name): values for name, values in weights.items() if not name.startswith("onnx::")}
    out |= as_in_model(out)
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1].startswith("onnx::"):
            out[matrix_name(node.name)] = weights[node.input[1]].T
    return out


def as_in_model(found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the encoder's graph holds in another arrangement, under its own name."""
    out = {}
    for name, value in found.items():
        if name.endswith(SWAPPED):
            out[name.removesuffix(SWAPPED)] = value.swapaxes(2, 3)
        elif name.endswith(f"{PART}0"):
            whole = name.removesuffix(f"{PART}0")
            out[whole] = np.concatenate([value, found[f"{whole}{PART}1"]])
        elif name.endswith(FOLDED):
            bias = name.removesuffix(FOLDED)
            module = bias.removesuffix(".depthwise_conv.bias")
            kernel = found[f"{module}.depthwise_conv.weight"].astype(np.float32)
            out[bias] = value - found[f"{module}{BEFORE_FIRST}"] * kernel.sum(axis=(1, 2, 3))
    return out


def matrix_name(node: str) -> str:
    """/encoder/encoders.0/self_attn/linear_q/MatMul -> encoder.encoders.0.self_attn.linear_q.weight."""
    *scopes, last = node.strip("/").split("/")
    scopes = scopes[1:] if scopes[0] in ("model", "m") else scopes
    if scopes[0] in ("left_decoder", "right_decoder"):
        scopes.insert(0, "decoder")
    # Scopes repeat their container: /embed/out/out.0 is embed.out.0.
    names = [s for at, s in enumerate(scopes) if not (at + 1 < len(scopes) and scopes[at + 1].startswith(f"{s}."))]
    if names[-1] == "conv_module":
        names.append("pointwise_conv1" if last == "MatMul" else "pointwise_conv2")
    return ".".join([*names, "weight"])


if __name__ == "__main__":
    main()
