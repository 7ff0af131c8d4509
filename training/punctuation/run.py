"""python -m training.punctuation --output RUN [--config FILE] [--init FILE] [--minutes M] [--max-seconds N] — train, or go on.

A run that was stopped goes on from RUN/last.pt with the same command and ends with the weights it would have had
without the stop: every random choice follows from the seed and the step. With `--minutes` the rates follow the clock
instead of the steps: a run that has so much time of a machine uses all of it.
"""

import argparse
import json
import signal
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

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
from training.train.schedule import rate_factor

LOG_EVERY = 25
TABLES = ("piece_embedding.weight", "pair_embedding.weight")  # a row is seldom stepped, so the step is larger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="weights to begin with: a checkpoint, or a pack by training.importing.punctuator")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--minutes", type=float, default=0.0, help="of computing in all; rates follow the clock")
    parser.add_argument("--max-seconds", type=float, default=float("inf"), help="stop in time, with a checkpoint")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.max_seconds
    device, budget = choose(arguments.device), arguments.minutes * 60
    run = Run(from_arguments(arguments), arguments.output, device, budget, arguments.init)
    raise SystemExit(0 if run.train(deadline) else 3)


class Numbered(Dataset):
    """Batches by their number."""

    def __init__(self, windows: Windows, pieces: int):
        self.windows, self.pieces = windows, pieces

    def __getitem__(self, number: int) -> Batch:
        return self.windows.batch(number, self.pieces)


class Run:
    def __init__(
        self,
        config: PunctuationConfig,
        folder: Path,
        device: torch.device,
        budget: float = 0.0,
        init: Path | None = None,
    ):
        if config.train.threads > 0:
            torch.set_num_threads(config.train.threads)
        folder.mkdir(parents=True, exist_ok=True)
        self.config, self.folder, self.device, self.budget = config, folder, device, budget
        corpus = TextCorpus(Path(config.text.folder))
        torch.manual_seed(config.seed)
        self.model = Punctuator(config.net, len(corpus.units)).to(device)
        if init:
            self.model.load_state_dict(checkpoint.load(init)["model"])
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
        batches = iter(self._batches())
        while self._done() < 1:
            if self.stop or time.monotonic() + 10 > deadline:
                self._save()
                return False
            started = time.monotonic()
            losses = self._one_step(next(batches))
            self.step += 1
            self.seconds += time.monotonic() - started
            if self.step % LOG_EVERY == 0:
                left = self.seconds / self._done() - self.seconds
                facts = {"step": self.step, **losses, "seconds": round(self.seconds, 1), "left": duration(left)}
                self._log(facts)
            ends = self._done() >= 1
            if self.step % c.evaluate_every == 0 or ends:
                self._log({"step": self.step, "development": self.evaluate()})
            if self.step % c.checkpoint_every == 0 or ends:
                checkpoint.save_weights(self.folder, self.step, {"model": self.model}, self.config, c.keep)
                self._save()
        return True

    def _done(self) -> float:
        """The share of the run that is over: of its time if it has one, of its steps otherwise."""
        return self.seconds / self.budget if self.budget > 0 else self.step / self.config.train.steps

    def _batches(self) -> Iterable[Batch]:
        """From the next step on; made ahead by processes of their own where a device would wait for them."""
        c = self.config.train
        numbered = Numbered(self.windows, c.batch_pieces)
        ahead = {"num_workers": c.workers, "prefetch_factor": 4 if c.workers else None}
        return DataLoader(numbered, batch_size=None, sampler=count(self.step), **ahead)

    def evaluate(self) -> dict:
        """Scores over windows of the development documents, with pauses and errors as in training."""
        scores = Scores()
        self.model.eval()
        with torch.no_grad():
            for number in range(self.config.train.evaluate_batches):
                batch = self.development.batch(number, self.config.train.batch_pieces)
                cases, marks = self._outputs(batch)
                last = batch.marks != IGNORED
                found = (x.argmax(2).cpu() for x in (cases, marks))
                scores.add(*(x[last].numpy() for x in (batch.cases, batch.marks, *found)))
        self.model.train()
        return scores.facts()

    def _one_step(self, batch: Batch) -> dict[str, float]:
        c = self.config.train
        set_rates(self.optimizers, rate_factor(self.step, self._done(), c))
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
