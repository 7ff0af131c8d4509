"""python -m training.train.rounds --output FOLDER --rounds 5 [--processes 2] [--init CHECKPOINT] [--config FILE]

Trains on several cores of one machine: in each round every process does `train.steps` steps on its own, with one thread
and another seed, and the next round begins from the mean of all (local SGD, arXiv 1805.09767). Threads that share one
step wait for each other instead. FOLDER/round-<n>.pt is the mean of round n; the same command again goes on.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from training import checkpoint
from training.config import add_arguments, from_arguments
from training.train.average import average_checkpoints
from training.train.compare import module

STOPPED = 3  # what training.train ends with after a signal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--init", type=Path, help="a checkpoint to start from")
    arguments = parser.parse_args()
    options = [part for file in arguments.config for part in ("--config", file)]
    options += [part for setting in arguments.set for part in ("--set", setting)]
    seed, begin = from_arguments(arguments).seed, arguments.init
    for number in range(1, arguments.rounds + 1):
        mean = arguments.output / f"round-{number}.pt"
        if not mean.exists():
            folders = [arguments.output / f"round-{number}-{process}" for process in range(1, arguments.processes + 1)]
            seeds = [seed * 1000 + number * arguments.processes + at for at in range(len(folders))]
            train_side_by_side(folders, seeds, options, begin)
            checkpoint.save(mean, average_checkpoints([checkpoint.weights(folder)[-1] for folder in folders]))
            print(f"{mean}", flush=True)
        begin = mean


def train_side_by_side(folders: list[Path], seeds: list[int], options: list[str], begin: Path | None) -> None:
    """Ends this process with a run's exit status where it is not 0: a stopped round goes on another time."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    running = []
    for folder, seed in zip(folders, seeds):
        folder.mkdir(parents=True, exist_ok=True)
        command = module("train", *options, "--output", str(folder))
        command += ["--set", f"seed={seed}", "--set", "train.threads=1", *(["--init", str(begin)] if begin else [])]
        with open(folder / "output.txt", "a") as output:
            running.append(subprocess.Popen(command, env=environment, stdout=output, stderr=output))
    codes = [process.wait() for process in running]
    failed = [(code, folder) for code, folder in zip(codes, folders) if code]
    for code, folder in failed:
        print(f"{folder}: ended with {code}; see output.txt there", file=sys.stderr)
    if failed:
        raise SystemExit(STOPPED if all(code == STOPPED for code, _ in failed) else 1)


if __name__ == "__main__":
    main()
