"""python -m training.punctuation --output RUN [--config FILE] [--max-seconds N] — train, or go on.

A run that was stopped goes on from RUN/last.pt with the same command and ends with the weights it would have had
without the stop: every random choice follows from the seed and the step.
"""

import argparse
import json
import signal
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from training import checkpoint
from training.config import to_tree
from training.devices import choose, precision
from training.progress import duration
from training.config import add_arguments
from training.punctuation.config import PunctuationConfig, from_arguments
from training.punctuation.corpus import TextCorpus
from training.punctuation.documents import DEVELOPMENT, TRAIN
from training.punctuation.errors import IGNORED
from training.punctuation.model import Punctuator
from training.punctuation.scores import Scores
from training.punctuation.windows import Batch, Windows
from training.train.muon import make_optimizers, set_apart, set_rates
from training.train.schedule import learning_rate

LOG_EVERY = 25
TABLES = ("piece_embedding.weight", "pair_embedding.weight")  # a row is seldom stepped, so the step is larger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--max-seconds", type=float, default=float("inf"), help="stop in time, with a checkpoint")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.max_seconds
    run = Run(from_arguments(arguments), arguments.output, choose(arguments.device))
    raise SystemExit(0 if run.train(deadline) else 3)


class Run:
    def __init__(self, config: PunctuationConfig, folder: Path, device: torch.device):
        if config.train.threads > 0:
            torch.set_num_threads(config.train.threads)
        folder.mkdir(parents=True, exist_ok=True)
        self.config, self.folder, self.device = config, folder, device
        corpus = TextCorpus(Path(config.text.folder))
        torch.manual_seed(config.seed)
        self.model = Punctuator(config.net, len(corpus.units)).to(device)
        speller, c = corpus.speller(), config
        self.windows = Windows(corpus, speller, TRAIN, c.samples, c.text.weights, c.seed)
        self.development = Windows(corpus, speller, DEVELOPMENT, c.samples, c.text.weights, c.seed)
        rates = (c.train.muon_rate, c.train.learning_rate, c.train.weight_decay)
        self.optimizers = make_optimizers([self.model], *rates)
        tables = [p for name, p in self.model.named_parameters() if name in TABLES]
        set_apart(self.optimizers[1], tables, c.train.table_rate)
        self.step, self.seconds, self.stop = 0, 0.0, False
        last = folder / checkpoint.LAST
        if last.exists():
            self._resume(checkpoint.load(last))

    def train(self, deadline: float = float("inf")) -> bool:
        """True when all steps are done, False when stopped before."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        c = self.config.train
        self._log({"parameters": sum(p.numel() for p in self.model.parameters()), "step": self.step})
        while self.step < c.steps:
            if self.stop or time.monotonic() + 10 > deadline:
                self._save()
                return False
            started = time.monotonic()
            losses = self._one_step(self.windows.batch(self.step, c.batch_pieces))
            self.step += 1
            self.seconds += time.monotonic() - started
            if self.step % LOG_EVERY == 0:
                left = self.seconds / self.step * (c.steps - self.step)
                facts = {"step": self.step, **losses, "seconds": round(self.seconds, 1), "left": duration(left)}
                self._log(facts)
            if self.step % c.evaluate_every == 0 or self.step == c.steps:
                self._log({"step": self.step, "development": self.evaluate()})
            if self.step % c.checkpoint_every == 0 or self.step == c.steps:
                checkpoint.save_weights(self.folder, self.step, {"model": self.model}, self.config, c.keep)
                self._save()
        return True

    def evaluate(self) -> dict:
        """Scores over windows of the development documents, with pauses and errors as in training."""
        scores = Scores()
        self.model.eval()
        with torch.no_grad():
            for number in range(self.config.train.evaluate_batches):
                batch = self.development.batch(number, self.config.train.batch_pieces)
                cases, marks = self._outputs(batch)
                last = batch.marks != IGNORED
                scores.add(*(x[last].numpy() for x in (batch.cases, batch.marks, cases.argmax(2), marks.argmax(2))))
        self.model.train()
        return scores.facts()

    def _one_step(self, batch: Batch) -> dict[str, float]:
        c = self.config.train
        set_rates(self.optimizers, learning_rate(self.step, c) / c.learning_rate)
        cases, marks = self._outputs(batch)
        case, mark = (
            F.nll_loss(x.flatten(0, 1), goal.to(x.device).flatten(), ignore_index=IGNORED)
            for x, goal in ((cases, batch.cases), (marks, batch.marks))
        )
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        (mark + c.case_weight * case).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), c.clip)
        for optimizer in self.optimizers:
            optimizer.step()
        if (self.step + 1) % LOG_EVERY:
            return {}
        return {"mark": round(mark.item(), 4), "case": round(case.item(), 4), "norm": round(norm.item(), 3)}

    def _outputs(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        with precision(self.device, self.config.train.bfloat16):
            return self.model(*(x.to(self.device) for x in (batch.pieces, batch.lens, batch.pauses)))

    def _resume(self, content: dict) -> None:
        self.model.load_state_dict(content["model"])
        for optimizer, state in zip(self.optimizers, content["optimizers"]):
            optimizer.load_state_dict(state)
        self.step, self.seconds = content["step"], content["seconds"]

    def _save(self) -> None:
        content = {"model": self.model.state_dict(), "config": to_tree(self.config), "step": self.step}
        content |= {"optimizers": [o.state_dict() for o in self.optimizers], "seconds": self.seconds}
        checkpoint.save(self.folder / checkpoint.LAST, content)

    def _log(self, facts: dict) -> None:
        line = json.dumps(facts)
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(line + "\n")

    def _on_signal(self, *_) -> None:
        self.stop = True
