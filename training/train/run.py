"""python -m training.train --output RUN [--config FILE] [--init CHECKPOINT] [--max-seconds N] — train, or go on.

A run that was stopped (a signal, --max-seconds, a crash) goes on from RUN/last.pt with the same command, and ends with
the weights it would have had without the stop: every random choice follows from the seed and the step.
"""

import argparse
import json
import signal
import time
from pathlib import Path

import torch
from torch import nn

from training import checkpoint
from training.config import Config, add_arguments, from_arguments, to_tree
from training.data.corpus import Corpus
from training.devices import choose, precision
from training.model import AsrModel, count_parameters
from training.model.frontend import frontend_of
from training.model.phone_head import PhoneHead
from training.progress import duration
from training.train.feeder import Feeder
from training.train.greedy import Development
from training.train.plot import plot_run
from training.train.schedule import learning_rate
from training.train.step import TrainStep
from training.train.warm_start import start_from
from training.units.phones import read_lexicon
from training.units.text import units_of

LOG_EVERY = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="a checkpoint to start from, with these units or others")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--max-seconds", type=float, default=float("inf"), help="stop in time, with a checkpoint")
    arguments = parser.parse_args()
    began = time.monotonic()
    run = Run(from_arguments(arguments), arguments.output, choose(arguments.device), arguments.init)
    finished = run.train(began + arguments.max_seconds)
    raise SystemExit(0 if finished else 3)


class Run:
    """One training run in one folder."""

    def __init__(self, config: Config, folder: Path, device: torch.device, init: Path | None = None):
        if config.train.threads > 0:
            torch.set_num_threads(config.train.threads)
        folder.mkdir(parents=True, exist_ok=True)
        self.config, self.folder, self.device = config, folder, device
        self.corpus, self.units = Corpus(Path(config.data.folder)), units_of(config)
        torch.manual_seed(config.seed)
        self.model = AsrModel(config.model)
        if config.model.encoder.normalise == "global":
            cmvn = json.loads((Path(config.data.folder) / "cmvn.json").read_text())
            self.model.encoder.global_cmvn.mean.copy_(torch.tensor(cmvn["mean"]))
            self.model.encoder.global_cmvn.istd.copy_(torch.tensor(cmvn["istd"]))
        self.trained: dict[str, nn.Module] = {"model": self.model}
        self.lexicon = read_lexicon(Path(config.data.folder)) if config.train.phone_weight > 0 else None
        if self.lexicon:
            self.trained["phone_head"] = PhoneHead(config.model.encoder.size, len(self.lexicon))
        if init:
            self._begin_from(checkpoint.load(init))
        for module in self.trained.values():
            module.to(device)
        if device.type == "cpu":  # a fifth faster there
            self.model.encoder.embed.conv.to(memory_format=torch.channels_last)
        self.fbank = frontend_of(config.model.encoder).to(device)
        self.optimizer = make_optimizer(list(self.trained.values()), config)
        self.position = {"step": 0, "epoch": 0, "batch": 0, "audio_seconds": 0.0, "seconds": 0.0}
        self.stop = False
        last = folder / checkpoint.LAST
        if last.exists():
            self._resume(checkpoint.load(last))

    def train(self, deadline: float = float("inf")) -> bool:
        """True when all steps are done, False when stopped before."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        c = self.config.train
        if self.position["step"] >= c.steps:
            return True
        total, active = count_parameters(self.model)
        self._log({"parameters": total, "active": active, "device": str(self.device), "step": self.position["step"]})
        step = TrainStep(self.model, self.fbank, self.optimizer, self.config, self.device, self.trained.get("phone_head"))
        development = Development(self.corpus, self.units, self.fbank, c.evaluate_utterances, self.config.seed)
        feeder = Feeder(self.corpus, self.units, self.config, self.position, self.lexicon)
        slowest = 0.0
        try:
            for batch in feeder:
                started = time.monotonic()
                number = self.position["step"]
                facts = step(batch, number, learning_rate(number, c), log=(number + 1) % LOG_EVERY == 0)
                self.position |= feeder.after(batch)
                self.position["step"] = number + 1
                self.position["audio_seconds"] += batch.seconds
                now = time.monotonic()
                self.position["seconds"] += now - started
                slowest = max(slowest, now - started)
                if facts:
                    self._log(facts | self._where())
                done = number + 1 >= c.steps
                if (number + 1) % c.evaluate_every == 0 or done:
                    with precision(self.device, self.config.train.bfloat16):
                        self._log({"step": number + 1, "evaluation": development.evaluate(self.model, self.device)})
                    plot_run(self.folder)
                if (number + 1) % c.checkpoint_every == 0 or done:
                    checkpoint.save_weights(self.folder, number + 1, self.trained, self.config, c.keep)
                    self._save()
                if done:
                    return True
                if self.stop or time.monotonic() + 2 * slowest + 5 > deadline:
                    self._save()
                    return False
        finally:
            feeder.close()
        return False

    def _begin_from(self, content: dict) -> None:
        start_from(self.model, self.units, content)
        head, before = self.trained.get("phone_head"), content.get("phone_head", {})
        if head and before and before["output.weight"].shape == head.output.weight.shape:
            head.load_state_dict(before)

    def _resume(self, content: dict) -> None:
        for name, module in self.trained.items():
            module.load_state_dict(content[name])
        self.optimizer.load_state_dict(content["optimizer"])
        self.position = content["position"]

    def _save(self) -> None:
        content = {name: module.state_dict() for name, module in self.trained.items()}
        content["optimizer"] = self.optimizer.state_dict()
        content |= {"position": self.position, "config": to_tree(self.config)}
        checkpoint.save(self.folder / checkpoint.LAST, content)

    def _where(self) -> dict:
        p, steps = self.position, self.config.train.steps
        left = p["seconds"] / p["step"] * (steps - p["step"])
        hours = p["audio_seconds"] / 3600
        return {
            "step": p["step"],
            "audio_hours": round(hours, 3),
            "seconds": round(p["seconds"], 1),
            "left": duration(left),
        }

    def _log(self, facts: dict) -> None:
        line = json.dumps(facts)
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(line + "\n")

    def _on_signal(self, *_) -> None:
        self.stop = True


def make_optimizer(models: list[nn.Module], config: Config) -> torch.optim.AdamW:
    """No decay on biases and norms (the stacked biases of the experts are biases too)."""
    names = ("b1", "b2", "bias", "pos_bias_u", "pos_bias_v")
    named = [pair for model in models for pair in model.named_parameters()]
    plain = [p.dim() <= 1 or n.rsplit(".", 1)[-1] in names for n, p in named]
    decayed = [p for (_, p), rest in zip(named, plain) if not rest]
    rest = [p for (_, p), rest in zip(named, plain) if rest]
    groups = [
        {"params": decayed, "weight_decay": config.train.weight_decay},
        {"params": rest, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.train.learning_rate, betas=(0.9, 0.98), eps=1e-8, fused=True)
