"""python -m training.measure.scale --model dense-225m|moe-1b|dense-1b --output PACK — a pack at the paper's size, untrained.

To measure speed and memory with: nothing is trained, and what it recognises means nothing. Layer sizes are those of
U2++ MoE (arXiv 2404.16407). On a few seconds of speech the weights are calibrated so that search and rescoring have
as much to do as with a trained model, and every expert works: training/measure/calibrate.py.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from training import checkpoint
from training.config import Config, DecoderConfig, EncoderConfig, ModelConfig, to_tree
from training.data.audio import read_waveform
from training.export.pack import Facts, architecture, export
from training.measure.calibrate import calibrate
from training.model import AsrModel, count_parameters
from training.units.pieces import word_pieces

SPEECH = ("test/fixtures/dialogue.wav", "test/fixtures/commands.wav")
SPEECH_SECONDS = 60.0


@dataclass(frozen=True)
class Shape:
    size: int = 768
    heads: int = 12
    layers: int = 12
    hidden: int = 3072
    decoder_layers: int = 3  # left to right, and as many right to left
    experts: int = 0
    top_k: int = 2
    vocabulary: int = 5002


SHAPES = {
    "dense-225m": Shape(),
    "moe-1b": Shape(experts=8),
    "dense-1b": Shape(size=1280, heads=20, layers=24, hidden=5120),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=SHAPES, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="store the weights in 32 bits")
    parser.add_argument("--half-graphs", action="store_true", help="graphs that compute in 16-bit floats, beside the others")
    parser.add_argument("--checkpoint", type=Path, help="write the PyTorch model here as well")
    parser.add_argument("--max-seconds", type=float, default=20.0, help="of a segment")
    parser.add_argument("--speech", type=Path, nargs="+", default=SPEECH, help="recordings to calibrate on")
    for name in asdict(Shape()):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help="default: the model's")
    arguments = parser.parse_args()
    overrides = {name: getattr(arguments, name) for name in asdict(Shape()) if getattr(arguments, name) is not None}
    shape = replace(SHAPES[arguments.model], **overrides)
    waveform = np.concatenate([read_waveform(str(path)) for path in arguments.speech])
    waveform = waveform[: int(SPEECH_SECONDS * 16_000)]
    facts = Facts(name=f"{arguments.model}-random", version="0.0.0", max_seconds=arguments.max_seconds)
    started = time.perf_counter()
    stored = (32 if arguments.float32 else 16, arguments.half_graphs)
    report = make_pack(shape, arguments.seed, waveform, facts, arguments.output, *stored, arguments.checkpoint)
    print(json.dumps({**report, "made_in_seconds": round(time.perf_counter() - started, 1)}, indent=2))


def make_pack(
    shape: Shape,
    seed: int,
    waveform: np.ndarray,
    facts: Facts,
    output: Path,
    bits: int,
    half_graphs: bool = False,
    checkpoint_file: Path | None = None,
) -> dict:
    """Returns shapes, parameters, calibration and parity. waveform: float32 [N] of speech at 16 kHz."""
    torch.manual_seed(seed)
    model = AsrModel(model_config(shape)).eval()
    units = word_pieces(shape.vocabulary, seed)
    total, active = count_parameters(model)
    facts.more |= {"seed": seed, "calibration": calibrate(model, waveform)}
    if checkpoint_file:
        checkpoint.save(checkpoint_file, {"model": model.state_dict(), "config": to_tree(Config(model=model.c))})
    differences = export(model, units, facts, output, bits=bits, half_graphs=half_graphs)
    return {
        "name": facts.name,
        "seed": seed,
        "shape": architecture(model.c) | {"experts": shape.experts, "vocabulary": shape.vocabulary},
        "parameters": {"total": total, "active": active},
        "calibration": facts.more["calibration"],
        "largest difference to PyTorch": differences,
        "bytes": sum(file.stat().st_size for file in output.iterdir()),
    }


def model_config(s: Shape) -> ModelConfig:
    common = {"heads": s.heads, "hidden": s.hidden, "experts": s.experts, "top_k": s.top_k}
    return ModelConfig(
        vocabulary=s.vocabulary,
        encoder=EncoderConfig(size=s.size, layers=s.layers, **common),
        decoder=DecoderConfig(layers=s.decoder_layers, right_layers=s.decoder_layers, **common),
    )


if __name__ == "__main__":
    main()
