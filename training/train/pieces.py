"""python -m training.train.pieces split --checkpoint FILE --output FOLDER [--megabytes 15]
python -m training.train.pieces join --output FILE PIECE…

A checkpoint's weights in half precision, cut into files small enough to be brought home from another machine one by one.
"""

import argparse
import io
from pathlib import Path

import torch

from training import checkpoint

WEIGHTS = ("model", "student", "phone_head")  # optimisers stay behind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    splitting, joining = commands.add_parser("split"), commands.add_parser("join")
    splitting.add_argument("--checkpoint", type=Path, required=True)
    splitting.add_argument("--megabytes", type=float, default=15)
    joining.add_argument("pieces", type=Path, nargs="+")
    for command in (splitting, joining):
        command.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "split":
        for path in split(arguments.checkpoint, arguments.output, int(arguments.megabytes * 1e6)):
            print(path)
    else:
        join(arguments.pieces, arguments.output)


def split(path: Path, output: Path, limit: int) -> list[Path]:
    """FOLDER/weights.00 and so on."""
    content = halves(checkpoint.load(path))
    buffer = io.BytesIO()
    torch.save(content, buffer)
    whole = buffer.getvalue()
    output.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, at in enumerate(range(0, len(whole), limit)):
        paths.append(output / f"weights.{number:02}")
        paths[-1].write_bytes(whole[at : at + limit])
    return paths


def halves(content: dict) -> dict:
    """Matrices in float16; what is small stays as it is. A student holds its model, which is then kept once."""
    kept = {name: content[name] for name in ("config", "step", "position") if name in content}
    for name in (n for n in WEIGHTS if n in content and not (n == "model" and "student" in content)):
        kept[name] = {key: value.half() if value.dim() >= 2 else value for key, value in content[name].items()}
    return kept


def join(pieces: list[Path], output: Path) -> None:
    content = torch.load(io.BytesIO(b"".join(p.read_bytes() for p in sorted(pieces))), map_location="cpu", weights_only=True)
    for name in (n for n in WEIGHTS if n in content):
        content[name] = {key: v.float() if v.is_floating_point() else v for key, v in content[name].items()}
    if "student" in content:
        prefix = "model."
        of_model = {k.removeprefix(prefix): v for k, v in content["student"].items() if k.startswith(prefix)}
        content["model"] = of_model
    checkpoint.save(output, content)


if __name__ == "__main__":
    main()
