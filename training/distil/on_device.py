"""python -m training.distil.on_device --parts FOLDER --work FOLDER --output FOLDER --minutes M [--seconds N] [--config FILE]

Everything on a machine that is at hand for a while, in one command: unpack the recordings (training.data.parts), train by the clock,
hand out the log and the weights in pieces (training.train.pieces). Stopped anywhere, the same command goes on; once the training
is over, each call hands out the pieces that have not been handed out.

`--minutes` is what the training gets in all, `--seconds` what this call may take. Exit status 3: call again.
"""

import argparse
import shutil
import time
from pathlib import Path

from training import checkpoint
from training.config import Config, add_arguments, load_config
from training.data.parts import missing, unpack
from training.devices import choose
from training.distil.run import DistilRun
from training.train.pieces import split

MOST = 4  # pieces a call
CONFIG = Path("training/configs/distil.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    for name in ("parts", "work", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--init", type=Path, help="a student to begin with")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--device", default="auto")
    parser.add_argument("--workers", type=int, default=14)
    a = parser.parse_args()
    files = [Path(file) for file in a.config] or [CONFIG]
    raise SystemExit(0 if run(a.parts, a.work, a.output, files, a.set, a.minutes, a.seconds, a.device, a.workers, a.init) else 3)


def run(
    parts: Path,
    work: Path,
    output: Path,
    files: list[Path],
    settings: list[str],
    minutes: float,
    seconds: float = float("inf"),
    device: str = "auto",
    workers: int = 14,
    init: Path | None = None,
) -> bool:
    """True when the training is over and every piece has been handed out."""
    deadline = time.monotonic() + seconds
    output.mkdir(parents=True, exist_ok=True)
    config = prepared(parts, work, files, settings, workers)
    training = DistilRun(config, work / "run", choose(device), minutes * 60, init)
    done = training.train(deadline)
    shutil.copyfile(work / "run" / "log.jsonl", output / "log.jsonl")
    return done and hand_out(work, output)


def prepared(parts: Path, work: Path, files: list[Path], settings: list[str], workers: int) -> Config:
    data = work / "data"
    unpack(sorted(parts.glob("part-*.tar")), data, workers)
    if lacking := missing(data):
        raise SystemExit(f"{parts} and {data} lack {lacking} of the recordings")
    return load_config(files, [*settings, f"data.folder={data}"])


def hand_out(work: Path, output: Path) -> bool:
    pieces = sorted((work / "pieces").glob("weights.*")) or split(work / "run" / checkpoint.LAST, work / "pieces", 15_000_000)
    sent = work / "sent"
    before = set(sent.read_text().split()) if sent.exists() else set()
    for piece in [p for p in pieces if p.name not in before][:MOST]:
        shutil.copyfile(piece, output / piece.name)
        before.add(piece.name)
    sent.write_text("\n".join(sorted(before)))
    return len(before) == len(pieces)


if __name__ == "__main__":
    main()
