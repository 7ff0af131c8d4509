"""python -m training.train.compare --output FOLDER [--max-seconds N] [--parallel] — the paper's table in small.

Trains Dense-S, MoE-S and Dense-L on the same data for the same number of steps, then averages, exports and measures
them in one run on one machine. Called again, it goes on where it stopped: exit status 3 means that more time is needed.
With `--taught` all arms are students of the same teacher (training.distil): none of them can stay on CTC's plateau of blanks.
With `--body` they begin with all of a student but its feed-forwards, which are what arms differ in, and a few hours tell them apart.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from training.config import DEFAULT, add_arguments, load_config
from training.train.plot import plot_runs

ARMS = ("dense-s", "moe-s", "dense-l")
UNFINISHED = 3
CHUNK = 16
DONE = "done"
AVERAGE = "average.pt"
INIT = "init.pt"
TAUGHT = DEFAULT.parent / "distil.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--arms", nargs="+", default=ARMS)
    parser.add_argument("--taught", action="store_true", help="by training.distil, over configs/distil.yaml")
    parser.add_argument("--body", type=Path, metavar="STUDENT", help="a run's last.pt that taught arms begin with, but for the feed-forwards")
    parser.add_argument("--max-seconds", type=float, default=float("inf"))
    parser.add_argument("--parallel", action="store_true", help="train all arms at once, on a device with room for it")
    parser.add_argument("--last", type=int, default=5, help="checkpoints to average")
    parser.add_argument("--train-only", action="store_true", help="measure later, with the same command without this")
    parser.add_argument("--device", default="auto")
    arguments = parser.parse_args()
    if arguments.body and not arguments.taught:
        parser.error("a body is a student's: use --body with --taught")
    deadline = time.monotonic() + arguments.max_seconds
    files = [Path(file) for file in arguments.config] or [TAUGHT if arguments.taught else DEFAULT]
    arms = {arm: arguments.output / arm for arm in arguments.arms}
    options = {arm: arm_options(arm, files, arguments.set, arguments.taught) for arm in arms}
    command = "distil" if arguments.taught else "train"
    if arguments.body:
        for arm, folder in arms.items():
            options[arm] += ["--init", str(with_body(arguments.body, folder, options[arm]))]
    train_all(command, arms, options, deadline, arguments.parallel, arguments.device)
    plot_runs(list(arms.values()), arguments.output / "arms.svg")
    if not all((folder / DONE).exists() for folder in arms.values()):
        raise SystemExit(UNFINISHED)
    for folder in arms.values():
        if not (folder / AVERAGE).exists():
            options = ["--run", str(folder), "--last", str(arguments.last), "--half"]
            run(module("train.average", *options, "--output", str(folder / AVERAGE)))
    if arguments.train_only:
        return
    manifests = sorted(Path(load_config(files, arguments.set).data.folder).glob("*.tsv"))
    for arm, folder in arms.items():
        measure(folder, manifests, arguments.device)
    table = to_markdown(arms)
    (arguments.output / "arms.md").write_text(table)
    print(table)


def with_body(body: Path, folder: Path, options: list[str]) -> Path:
    """What the arm begins with."""
    path = folder / INIT
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run(module("distil.body", *options, "--body", str(body), "--output", str(path)))
    return path


def arm_options(arm: str, files: list[Path], settings: list[str], taught: bool = False) -> list[str]:
    """The arm's few keys over the common configuration, and `--set` over both."""
    own = DEFAULT.parent / "arms" / ("taught" if taught else "") / f"{arm}.yaml"
    options = [part for file in [*files, own] for part in ("--config", str(file))]
    return options + [part for setting in settings for part in ("--set", setting)]


def train_all(
    command: str, arms: dict[str, Path], options: dict[str, list[str]], deadline: float, parallel: bool, device: str
) -> None:
    running = []
    for arm, folder in arms.items():
        if (folder / DONE).exists():
            continue
        left = deadline - time.monotonic()
        if left < 30:
            return
        limit = [] if left == float("inf") else ["--max-seconds", str(left)]
        arguments = [*options[arm], "--output", str(folder), "--device", device, *limit]
        running.append((folder, subprocess.Popen(module(command, *arguments))))
        if not parallel and not wait(*running.pop()):
            return
    for folder, process in running:
        wait(folder, process)


def wait(folder: Path, process: subprocess.Popen) -> bool:
    """True when the arm is trained; raises where it failed."""
    status = process.wait()
    if status not in (0, UNFINISHED):
        raise SystemExit(f"training {folder.name} failed with status {status}")
    if status == 0:
        (folder / DONE).touch()
    return status == 0


def measure(folder: Path, manifests: list[Path], device: str) -> None:
    """Export, error rates of the pack in full context and of the checkpoint in chunks."""
    pack, full, chunk = folder / "pack", folder / "full.json", folder / "chunk.json"
    files = [str(manifest) for manifest in manifests]
    if not chunk.exists():
        run(module("export", "--checkpoint", str(folder / AVERAGE), "--output", str(pack), "--version", "0.0.0"))
        source = ["--checkpoint", str(folder / AVERAGE), "--chunk", str(CHUNK), "--device", device]
        run(module("measure.evaluate", *source, "--json", str(chunk), *files))
    # Always anew: speeds are compared within one run on one machine.
    run(module("measure.evaluate", "--pack", str(pack), "--json", str(full), *files))


def to_markdown(arms: dict[str, Path]) -> str:
    """Rows are arms; per set: greedy, beam, rescored, and rescored in chunks."""
    sets = [report["set"] for report in read(next(iter(arms.values())) / "full.json")]
    heads = [
        "model",
        "parameters",
        "active",
        *(f"{s}: greedy / beam / rescored / chunk {CHUNK}" for s in sets),
        "encoder RTF",
    ]
    lines = ["| " + " | ".join(heads) + " |", "| --- | " + " | ".join(["---:"] * (len(heads) - 1)) + " |"]
    for arm, folder in arms.items():
        parameters = read(folder / "pack" / "model.json")["parameters"]
        full, chunk = read(folder / "full.json"), read(folder / "chunk.json")
        cells = [arm, f"{parameters['total'] / 1e6:.2f} M", f"{parameters['active'] / 1e6:.2f} M"]
        for a, b in zip(full, chunk):
            rates = [a["greedy"], a["beam"], a["rescored"], b["rescored"]]
            cells.append(" / ".join(f"{rate['wer']:.2f}" for rate in rates))
        cells.append(" / ".join(f"{a['encoder_rtf']:.4f}" for a in full))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"training.{name}", *arguments]


def run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def read(path: Path):
    return json.loads(path.read_text())


if __name__ == "__main__":
    main()
