"""python -m training.train.average --run RUN [--last 5] --output model.pt — the mean of the last checkpoints' weights."""

import argparse
from pathlib import Path

import torch

from training import checkpoint

MODULES = ("model", "phone_head")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="folder of a run: its newest checkpoints")
    parser.add_argument("--last", type=int, default=5)
    parser.add_argument("--checkpoints", type=Path, nargs="+", help="these instead")
    parser.add_argument("--half", action="store_true", help="store in 16 bits, as a pack does")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    paths = arguments.checkpoints or checkpoint.weights(arguments.run)[-arguments.last :]
    if not paths:
        parser.error("there are no checkpoints to average")
    content = average_checkpoints(paths)
    if arguments.half:
        content["model"] = {n: t.half() if t.is_floating_point() else t for n, t in content["model"].items()}
    checkpoint.save(arguments.output, content)
    print(f"{arguments.output}: mean of {', '.join(p.name for p in paths)}")


def average_checkpoints(paths: list[Path]) -> dict:
    """The mean of the model and, where all have one, of the head that trained with it; the rest is the last one's."""
    contents = [checkpoint.load(path) for path in paths]
    modules = [name for name in MODULES if all(name in c for c in contents)]
    means = {name: average([c[name] for c in contents]) for name in modules}
    return means | {"config": contents[-1]["config"], "step": contents[-1]["step"], "averaged": [p.name for p in paths]}


def average(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Per tensor, summed in float64; whole numbers are the last one's."""
    out = {}
    for name, last in states[-1].items():
        if last.is_floating_point():
            out[name] = (sum(s[name].double() for s in states) / len(states)).to(last.dtype)
        else:
            out[name] = last
    return out


if __name__ == "__main__":
    main()
