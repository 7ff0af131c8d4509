"""python -m training.export.half --pack PACK [--output OTHER] — graphs that compute in 16-bit floats, for a pack that has none.

For GPUs. They lie over the weights that the pack has already, rounded to 16 bits as it stores them.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto

from training.data.audio import read_waveform
from training.export.half_parity import check_half
from training.export.pack import file_facts, variants
from training.export.quantise import read_graph
from training.graph.half_graph import in_half
from training.graph.pack import CPU, CUDA, FRONTEND, GPU, GPU_FRONTEND, HALF
from training.graph.products import frontend_without_convolutions
from training.graph.save import WEIGHTS, save_graphs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--output", type=Path, help="default: the pack itself")
    arguments = parser.parse_args()
    print(json.dumps(add_half_graphs(arguments.pack, arguments.output or arguments.pack)))


def add_half_graphs(pack: Path, output: Path) -> dict[str, float]:
    """Returns what `check_half` found. Raises ValueError for a pack of 8-bit integers."""
    manifest = json.loads((pack / "model.json").read_text())
    if manifest.get("precision") == "int8":
        raise ValueError(f"{pack} computes in 8-bit integers, for CPUs")
    if output != pack:
        shutil.copytree(pack, output, dirs_exist_ok=True)
    names = [name for form in (GPU, CPU) for name in form.values() if name in manifest["files"]]
    graphs = {name: read_graph(pack / name) for name in names}
    stored = {tensor.data_type for tensor in onnx.load(pack / GPU["encoder"], load_external_data=False).graph.initializer}
    bits = 8 if TensorProto.INT8 in stored else 16 if TensorProto.FLOAT16 in stored else 32
    graphs |= {HALF[name]: in_half(graphs[GPU[name]]) for name in HALF}
    with tempfile.TemporaryDirectory(dir=output) as folder:
        # All of them anew, since they point into one file; where that came out as it was, the others stay as they were.
        written = Path(folder)
        save_graphs(graphs, written, bits)
        same = file_facts(written / WEIGHTS) == manifest["files"][WEIGHTS]
        for name in HALF.values() if same else (*graphs, WEIGHTS):
            (written / name).replace(output / name)
    frontend_without_convolutions(output / FRONTEND, output / GPU_FRONTEND)
    manifest["variants"] = manifest.get("variants", {}) | {k: v for k, v in variants(True).items() if k != "cpu"}
    listed = [*manifest["files"], *(name for name in CUDA.values() if name not in manifest["files"])]
    manifest["files"] = {name: file_facts(output / name) for name in listed}
    (output / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return check_half(output, speech_of(output))


def speech_of(pack: Path) -> np.ndarray | None:
    """The pack's first golden recording, float32 [1, N], for in noise a trained router decides by a hair; None: it has none."""
    recordings = sorted((pack / "golden").glob("*.wav"))
    return read_waveform(str(recordings[0]))[None] if recordings else None


if __name__ == "__main__":
    main()
