"""python -m training.export.quantise --pack PACK --output PACK8 — a pack whose linear layers compute in 8-bit integers.

For CPUs, and opt-in: it is faster and a quarter of the size, and its results are close to those of the pack but not the
same. An utterance's result still does not depend on what else is in its batch. On processors without 8-bit dot
products (before AVX-VNNI), pass --reduced.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx

from training.data.audio import read_audio
from training.export.int8_linear import KEPT, LIMIT, REDUCED, quantise_linear
from training.export.int8_subsampling import quantise_subsampling
from training.export.pack import file_facts
from training.graph.moe import expand_moe
from training.graph.onnx_graph import OnnxGraph, restored
from training.graph.save import save_graphs
from training.recognise.recognisers import open_session

SPEECH = ("test/fixtures/dialogue.wav", "test/fixtures/commands.wav")
PIECE = 8 * 16_000  # samples
FAINT = 0.03
COPIED = ("frontend.onnx", "tokens.txt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--speech", type=Path, nargs="+", default=SPEECH, help="to find the range of the convolutions")
    parser.add_argument("--keep", default=KEPT, help="regular expression of layers to keep in floats")
    parser.add_argument("--keep-subsampling", action="store_true", help="keep the convolutions in floats")
    parser.add_argument("--reduced", action="store_true", help="7-bit weights, for processors that would saturate")
    arguments = parser.parse_args()
    speech = [] if arguments.keep_subsampling else [read_audio(str(path)) for path in arguments.speech]
    limit = REDUCED if arguments.reduced else LIMIT
    print(json.dumps(quantise_pack(arguments.pack, arguments.output, speech, arguments.keep, limit)))


def quantise_pack(
    pack: Path, output: Path, speech: list[np.ndarray], keep: str = KEPT, limit: int = LIMIT
) -> dict[str, int]:
    """Returns bytes before and after. speech: int16 samples at 16 kHz; without any the subsampling stays in floats."""
    manifest = json.loads((pack / "model.json").read_text())
    output.mkdir(parents=True, exist_ok=True)
    language_model = [manifest["language_model"]["file"]] if "language_model" in manifest else []
    for name in (*COPIED, *language_model):
        shutil.copyfile(pack / name, output / name)
    graphs = {}
    for name in ("encoder", "decoder"):
        graph = expand_moe(read_graph(pack / cpu_file(manifest, name)))
        if speech and name == "encoder":
            graph = quantise_subsampling(graph, features_of(pack, speech), limit)
        graphs[f"{name}.onnx"] = quantise_linear(graph, keep, limit)
    save_graphs(graphs, output)
    manifest.pop("variants", None)  # its graphs are for CPUs already
    manifest["precision"] = "int8"
    manifest["files"] = {file.name: file_facts(file) for file in sorted(output.iterdir()) if file.name != "model.json"}
    (output / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return {"bytes before": size_of(pack), "bytes after": size_of(output)}


def cpu_file(manifest: dict, name: str) -> str:
    return manifest.get("variants", {}).get("cpu", {}).get(name, f"{name}.onnx")


def read_graph(path: Path) -> OnnxGraph:
    """With its weights as 32-bit floats, however they are stored."""
    model = onnx.load(path)
    weights, nodes, used = restored(model.graph)
    graph = OnnxGraph.of(model)
    inner = graph.model.graph
    graph.weights = {name: values for name, values in (graph.weights | weights).items() if name not in used}
    for node in nodes:
        inner.node.remove(node)
    kept = [t for t in inner.initializer if t.name not in used]
    del inner.initializer[:]
    inner.initializer.extend(kept)
    return graph


def features_of(pack: Path, speech: list[np.ndarray]) -> list[np.ndarray]:
    """float32 [T, bins] per piece of a few seconds: speech, faint speech, and the extremes of silence and of noise."""
    frontend = open_session(pack / "frontend.onnx", 1)
    said = np.concatenate(speech).astype(np.float32) / 32768
    noise = np.random.default_rng(0).uniform(-1, 1, PIECE // 8).astype(np.float32)
    samples = np.concatenate([noise, np.zeros_like(noise), noise, said, said * FAINT])
    pieces = [samples[at : at + PIECE] for at in range(0, max(1, len(samples) - PIECE + 1), PIECE)]
    feeds = ({"waveform": p[None], "waveform_lens": np.array([len(p)], np.int64)} for p in pieces)
    return [frontend.run(None, feed)[0][0] for feed in feeds]


def size_of(pack: Path) -> int:
    return sum(file.stat().st_size for file in pack.iterdir() if file.is_file())


if __name__ == "__main__":
    main()
