"""python -m training.export --checkpoint model.pt --output PACK — a checkpoint as a model pack.

Writes frontend.onnx, encoder and decoder in two forms (encoder.onnx for GPUs, encoder.cpu.onnx for CPUs; with --half-graphs
a third, encoder.half.onnx, that computes in 16 bits on GPUs, and frontend.gpu.onnx) over one weights.bin, tokens.txt, model.json and golden.json, and
compares every graph with PyTorch before it says that it is done.
"""

import argparse
import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import torch

from training import checkpoint
from training.config import ModelConfig
from training.data.audio import read_waveform
from training.export.golden import write_golden
from training.export.half_parity import check_half
from training.export.parity import check_parity
from training.graph.encoder import CANDIDATES
from training.graph.half import SMALL
from training.graph.onnx_export import export_frontend
from training.graph.pack import CPU, CUDA, FRONTEND, GPU, GPU_FRONTEND, HALF, write_graphs
from training.graph.products import frontend_without_convolutions
from training.graph.row_bytes import in_row_bytes, to_row_bytes
from training.graph.save import WEIGHTS
from training.model import AsrModel, count_parameters
from training.model.frontend import samples_for
from training.recognise.decoding import BEAM, LanguageWeights, Weights
from training.units.text import OLD_SPACE, SPACE, Units, units_of

FORMAT = 1
LANGUAGE_MODEL = "lm.bin"
FILES = (FRONTEND, *GPU.values(), *CPU.values(), WEIGHTS, "tokens.txt")


@dataclass
class Facts:
    """What model.json says beside what follows from the model."""

    name: str
    version: str
    license: str = "Apache-2.0"
    languages: list[str] = field(default_factory=lambda: ["en"])
    max_seconds: float = 12.0
    weights: Weights = field(default_factory=Weights)
    beam: int = BEAM
    nbest: int | None = None
    language_model: Path | None = None  # what training.language_model wrote
    language_weights: LanguageWeights = field(default_factory=LanguageWeights)
    more: dict = field(default_factory=dict)  # training, error_rates: facts for people


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--version", required=True, help="of the pack, e.g. 0.2.0")
    parser.add_argument("--max-seconds", type=float, help="of a segment; default: what the model was trained with")
    parser.add_argument("--ctc-weight", type=float, default=Weights.ctc)
    parser.add_argument("--reverse-weight", type=float, default=Weights.reverse)
    parser.add_argument("--beam", type=int, default=BEAM, help="prefixes that the search keeps")
    parser.add_argument("--nbest", type=int, help="of them, so many are rescored; default: all")
    parser.add_argument("--language-model", type=Path, help="what training.language_model wrote")
    parser.add_argument("--lm-weight", type=float, default=LanguageWeights.weight, help="of the language model beside CTC in the search")
    parser.add_argument("--prior-weight", type=float, default=LanguageWeights.prior_weight, help="of what the training texts have taught CTC")
    parser.add_argument("--token-bonus", type=float, default=LanguageWeights.token_bonus, help="for each token, beside the language model")
    parser.add_argument("--chunk", type=int, default=0, help="bake in decoding in chunks of so many encoder frames")
    parser.add_argument("--bits", type=int, choices=(8, 16, 32), default=16, help="that weights are stored in")
    parser.add_argument("--half-graphs", action="store_true", help="graphs that compute in 16-bit floats, for GPUs, beside the others")
    parser.add_argument("--fused", action="store_true", help="no encoder of its own for CPUs: faster to load, slower to compute")
    parser.add_argument("--golden", type=Path, nargs="*", default=[], help="recordings for golden.json (WAV, PCM16)")
    parser.add_argument("--facts", type=Path, help="JSON merged into model.json: description, training, error_rates")
    arguments = parser.parse_args()
    content = checkpoint.load(arguments.checkpoint)
    config = checkpoint.load_config(content)
    model = AsrModel(config.model)
    model.load_state_dict(content["model"])
    facts = Facts(
        name=config.name,
        version=arguments.version,
        max_seconds=arguments.max_seconds or config.data.join_seconds,
        weights=Weights(arguments.ctc_weight, arguments.reverse_weight),
        beam=arguments.beam,
        nbest=arguments.nbest,
        language_model=arguments.language_model,
        language_weights=LanguageWeights(arguments.lm_weight, arguments.prior_weight, arguments.token_bonus),
        more=json.loads(arguments.facts.read_text()) if arguments.facts else {},
    )
    speech = read_waveform(str(arguments.golden[0]))[None] if arguments.golden else None
    worst = export(model, units_of(config), facts, arguments.output, arguments.chunk, arguments.bits, arguments.half_graphs, speech)
    if arguments.fused:
        leave_to_fused(arguments.output)
    print(json.dumps({"largest difference to PyTorch": worst}))
    if arguments.golden:
        write_golden(arguments.output, arguments.golden)


def export(
    model: AsrModel,
    units: Units,
    facts: Facts,
    output: Path,
    chunk: int = 0,
    bits: int = 16,
    half_graphs: bool = False,
    speech: np.ndarray | None = None,
) -> dict[str, float]:
    """`bits` that weights are stored in: 32, 16 or 8. speech: float32 [1, N] at 16 kHz, to compare 16-bit graphs on instead of noise,
    in which a trained router decides by a hair. Returns the largest differences to PyTorch per output; raises ValueError when one is too large.
    """
    if len(units) != model.c.vocabulary:
        raise ValueError(f"{len(units)} units, but the model has {model.c.vocabulary} outputs")
    output.mkdir(parents=True, exist_ok=True)
    # Rounded first, so that what is compared below is the graph and not the rounding.
    model = rounded(model, bits)
    model.eval()
    # Never in 16 bits: rounding its window would change the features the model was trained on.
    export_frontend(output / FRONTEND, model.c.encoder)
    if half_graphs:
        frontend_without_convolutions(output / FRONTEND, output / GPU_FRONTEND)
    write_graphs(model, output, chunk, bits, half_graphs)
    (output / "tokens.txt").write_text(units.file())
    if facts.language_model:
        shutil.copyfile(facts.language_model, output / LANGUAGE_MODEL)
    write_manifest(model, units, facts, output, half_graphs)
    return check_parity(model, output, chunk) | (check_half(output, speech) if half_graphs else {})


def rounded(model: AsrModel, bits: int = 16) -> AsrModel:
    """To what is stored: in 8 bits matrices, in 16 also larger biases and encodings of positions; never small biases and norms."""
    copy = AsrModel(model.c)
    copy.load_state_dict(model.state_dict())
    if bits == 32:
        return copy
    with torch.no_grad():
        if bits == 8:
            to_row_bytes(copy)
        for name, p in chain(copy.named_parameters(), copy.named_buffers()):
            if p.is_floating_point() and p.numel() >= SMALL and not (bits == 8 and in_row_bytes(name, p)):
                p.copy_(p.half().float())
    return copy


def write_manifest(model: AsrModel, units: Units, facts: Facts, output: Path, half_graphs: bool = False) -> None:
    total, active = count_parameters(model)
    embed = model.encoder.embed
    files = [*FILES, *(CUDA.values() if half_graphs else ()), *([LANGUAGE_MODEL] if facts.language_model else [])]
    manifest = {
        "format": FORMAT,
        "name": facts.name,
        "version": facts.version,
        "license": facts.license,
        "languages": facts.languages,
        "sample_rate": 16_000,
        "feature_dim": model.c.encoder.bins,
        "frame_shift_ms": 10,
        "subsampling": embed.rate,
        "min_samples": samples_for(embed.min_frames),
        "vocabulary": {
            "size": len(units),
            "kind": units.kind,
            "space": OLD_SPACE if OLD_SPACE in units.ids else SPACE,
            "blank_id": model.c.blank,
            "unk_id": units.ids.get("<unk>", model.c.blank),
            "sos_id": model.sos,
            "eos_id": model.eos,
        },
        "beam_candidates": min(CANDIDATES, len(units)),
        "defaults": {
            "ctc_weight": facts.weights.ctc,
            "reverse_weight": facts.weights.reverse,
            "beam": facts.beam,
            **({"nbest": facts.nbest} if facts.nbest else {}),
        },
        **({"language_model": {"file": LANGUAGE_MODEL, **asdict(facts.language_weights)}} if facts.language_model else {}),
        "segmentation": {"max_seconds": facts.max_seconds},
        "parameters": {"total": total, "active": active, **experts(model.c)},
        "architecture": architecture(model.c),
        **facts.more,
        "variants": variants(half_graphs),
        "files": {name: file_facts(output / name) for name in files},
    }
    (output / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def leave_to_fused(pack: Path) -> None:
    """Without an encoder of its own for CPUs a pack's experts are one operator for a layer there too: of many small experts it takes a
    sixth more time, and of thousands of nodes fewer it loads in less than half."""
    manifest = json.loads((pack / "model.json").read_text())
    del manifest["variants"]["cpu"]["encoder"], manifest["files"][CPU["encoder"]]
    (pack / CPU["encoder"]).unlink()
    (pack / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def variants(half_graphs: bool) -> dict[str, dict[str, str]]:
    return {"cpu": CPU, **({"cuda": CUDA, "webgpu": HALF} if half_graphs else {})}


def experts(c: ModelConfig) -> dict[str, int]:
    return {"experts": c.encoder.experts, "experts_per_token": c.encoder.top_k} if c.encoder.experts else {}


def architecture(c: ModelConfig) -> dict:
    e, d = c.encoder, c.decoder
    return {
        "d_model": e.size,
        "heads": e.heads,
        "encoder_blocks": e.layers,
        "kernel": e.kernel,
        "causal": e.causal,
        "ffn": e.hidden,
        "subsampling_channels": e.channels or e.size,
        "conv_norm": e.conv_norm,
        "normalise": e.normalise,
        "shift": e.shift,
        "pad_bins": e.pad_bins,
        "decoder_ffn": d.hidden,
        "left_decoder_blocks": d.layers,
        "right_decoder_blocks": d.right_layers,
    }


def file_facts(path: Path) -> dict:
    with path.open("rb") as content:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(content, "sha256").hexdigest()}
