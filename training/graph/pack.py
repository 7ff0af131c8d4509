"""Encoder and decoder of a pack, each in a form for GPUs, in 32 bits and in 16, and a form for CPUs, over one file of weights."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from training.graph.encoder import build_encoder
from training.graph.half_graph import in_half
from training.graph.moe import expand_moe
from training.graph.onnx_export import export_decoder
from training.graph.onnx_graph import OnnxGraph
from training.graph.save import save_graphs
from training.graph.tree_decoder import export_tree_decoder
from training.model import AsrModel

GPU = {"encoder": "encoder.onnx", "decoder": "decoder.onnx"}
HALF = {"encoder": "encoder.half.onnx", "decoder": "decoder.half.onnx"}
# In 32 bits as every frontend, but without a convolution: graph/products.py.
FRONTEND, GPU_FRONTEND = "frontend.onnx", "frontend.gpu.onnx"
CUDA = {"frontend": GPU_FRONTEND, **HALF}
CPU = {"encoder": "encoder.cpu.onnx", "decoder": "decoder.cpu.onnx"}


def write_graphs(model: AsrModel, folder: Path, chunk: int = 0, bits: int = 32, half_graphs: bool = False) -> None:
    """`bits`: that weights are stored in. `half_graphs`: the form for GPUs also computes in 16 bits, as a form of its own."""
    graphs = {
        GPU["encoder"]: build_encoder(model, chunk, cpu=False),
        GPU["decoder"]: traced(export_decoder, model),
        CPU["encoder"]: expand_moe(build_encoder(model, chunk, cpu=True)),
        # Its rows differ in number from utterance to utterance, which a CPU does not mind.
        CPU["decoder"]: expand_moe(traced(export_tree_decoder, model)),
    }
    if half_graphs:
        graphs |= {HALF[name]: in_half(graphs[GPU[name]]) for name in HALF}
    save_graphs(graphs, folder, bits)


def traced(export: Callable[[AsrModel, Path], None], model: AsrModel) -> OnnxGraph:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decoder.onnx"
        export(model, path)
        return OnnxGraph.load(path)
