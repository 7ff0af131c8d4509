"""python -m training.measure.encoder_speed --models dense-225m moe-1b — the encoder in PyTorch: what a card does without ONNX Runtime.

Untrained encoders of the paper's sizes, the recipe's own classes as it trains them: on a card in bfloat16 by autocast, on
the CPU in 32 bits. Prints JSON: milliseconds and audio seconds a second by utterances in a batch, as it is, with PyTorch's
fused attention (`fused`), and both compiled (`compiled`). Compiling takes a minute for each size: `--compile` asks for it.
"""

import argparse
import json
import time
from dataclasses import asdict, replace

import torch

from training.measure.fused_attention import fuse_attention
from training.measure.scale import SHAPES, Shape, model_config
from training.model.encoder import Encoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=SHAPES, default=["dense-225m", "moe-1b"])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--compile", action="store_true")
    for name in asdict(Shape()):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help="default: the model's")
    arguments = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    overrides = {name: getattr(arguments, name) for name in asdict(Shape()) if getattr(arguments, name) is not None}
    rows = []
    for name in arguments.models:
        shape = replace(SHAPES[name], **overrides)
        forms = ("plain", "fused", "compiled") if arguments.compile else ("plain", "fused")
        rows += [row | {"model": name} for form in forms for row in measure(shape, device, arguments, form)]
    card = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    print(json.dumps({"card": card, "torch": torch.__version__, "seconds": arguments.seconds, "rows": rows}, indent=1))


@torch.inference_mode()
def measure(shape: Shape, device: torch.device, arguments: argparse.Namespace, form: str) -> list[dict]:
    torch.manual_seed(0)
    model = Encoder(model_config(shape).encoder).to(device).eval()
    if form != "plain":
        fuse_attention(model)
    run = torch.compile(model, dynamic=True) if form == "compiled" else model
    rows = []
    for batch in arguments.batches:
        features = torch.randn(batch, int(arguments.seconds * 100), 80, device=device)
        lens = torch.full((batch,), features.shape[1], device=device)
        try:
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                ms = median_ms(lambda: run(features, lens), device, arguments.runs)
        except Exception as error:  # too large for the card, or not to be compiled: the other sizes go on
            rows.append({"form": form, "utterances": batch, "failed": str(error).splitlines()[0][:200]})
            continue
        rtfx = batch * arguments.seconds * 1000 / ms
        rows.append({"form": form, "utterances": batch, "ms": round(ms, 3), "rtfx": round(rtfx, 1)})
    return rows


def median_ms(work, device: torch.device, runs: int) -> float:
    """After two runs that are not counted."""
    times = []
    for _ in range(runs + 2):
        started = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times[2:])[runs // 2]


if __name__ == "__main__":
    main()
