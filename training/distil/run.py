"""python -m training.distil --output RUN [--config FILE] [--init FILE] [--minutes M] [--max-seconds N] — a student of a teacher.

Four stages: every layer on its own, given what the teacher's layer before it puts out; end to end; CTC and the decoders alone, on
what the encoder has come to; and end to end by labels, also of what the teacher does not know (`settle_weight` of a corpus).
A run that was stopped goes on from RUN/last.pt with the same command. With `--minutes`, stages and rates follow the clock
instead of the steps: a run that has so much time of a machine uses all of it.
"""

import argparse
import json
import signal
import time
from dataclasses import replace
from itertools import chain
from pathlib import Path

import torch

from training import checkpoint
from training.config import Config, add_arguments, from_arguments, to_tree
from training.data.augment import Augmenter
from training.data.corpus import Corpus
from training.data.on_device import DeviceAudio
from training.devices import choose, precision
from training.distil.hear import label
from training.distil.step import DistilStep
from training.distil.student import Student
from training.distil.teacher import Teacher
from training.model import count_parameters
from training.model.frontend import Fbank
from training.model.masks import length_mask
from training.train.feeder import FedBatch, Feeder
from training.train.greedy import Development
from training.train.muon import make_optimizers, set_apart
from training.train.schedule import rate_factor
from training.units.text import units_of

LOG_EVERY = 10
STAGES = ("apart", "joined", "units", "settled")
TABLES = ("head.weight", "ctc_lo.weight", "output_layer.weight")  # a row is seldom stepped, so the step is larger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="a student to begin with: a run's last.pt, or pieces of one, joined")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--minutes", type=float, default=0.0, help="of computing in all; stages and rates follow the clock")
    parser.add_argument("--max-seconds", type=float, default=float("inf"), help="stop in time, with a checkpoint")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.max_seconds
    device, budget = choose(arguments.device), arguments.minutes * 60
    run = DistilRun(from_arguments(arguments), arguments.output, device, budget, arguments.init)
    raise SystemExit(0 if run.train(deadline) else 3)


class DistilRun:
    """One student in one folder."""

    def __init__(
        self, config: Config, folder: Path, device: torch.device, budget: float = 0.0, init: Path | None = None
    ):
        if config.train.threads > 0:
            torch.set_num_threads(config.train.threads)
        folder.mkdir(parents=True, exist_ok=True)
        self.config, self.folder, self.device, self.budget = config, folder, device, budget
        self.corpus, self.units = Corpus(Path(config.data.folder)), units_of(config)
        torch.manual_seed(config.seed)
        self.teacher = Teacher(Path(config.distil.teacher)).to(device)
        self.student = Student(config.model, self.teacher).to(device)
        if device.type == "cpu":  # a fifth faster there
            for encoder in (self.student.model.encoder, self.teacher.encoder):
                encoder.embed.conv.to(memory_format=torch.channels_last)
        self.fbank = Fbank(config.model.encoder.bins, normalise=True).to(device)
        label(self.corpus, Path(config.data.folder), self.teacher, self.fbank, device, config.train.bfloat16)
        if device.type == "cuda" and config.train.compile:
            self._compile()
        self.audio = DeviceAudio(self.corpus, device) if device.type == "cuda" else None
        self.augmenter = Augmenter(config.augment, torch.Generator(device))
        self.position = {"step": 0, "epoch": 0, "batch": 0, "audio_seconds": 0.0, "seconds": 0.0, "stage": "apart"}
        self.position |= {"measured": init is not None, "stage_began": {"step": 0, "seconds": 0.0}}
        if init:
            self.student.load_state_dict(checkpoint.load(init)["student"])
        self.stop = False
        self.optimizers = self._optimizers()
        self.learn = self._stage_step()
        if (folder / checkpoint.LAST).exists():
            self._resume(checkpoint.load(folder / checkpoint.LAST))

    def train(self, deadline: float = float("inf")) -> bool:
        """True when all stages are done, False when stopped before."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        if self.position["stage"] == "done":
            return True
        total, active = count_parameters(self.student.model)
        self._log({"parameters": total, "active": active, "device": str(self.device), "step": self.position["step"]})
        t, slowest = self.config.train, 0.0
        development = Development(self.corpus, self.units, self.fbank, t.evaluate_utterances, self.config.seed)
        feeder = None
        try:
            if self._fraction() >= 1.0:  # a stage of no steps
                self._advance()
            feeder = self._feeder()
            if not self.position["measured"]:
                self._measure([next(feeder) for _ in range(self.config.distil.statistics_batches)])
            while True:
                started = time.monotonic()
                batch = next(feeder)
                facts = self._step(batch, log=(self.position["step"] + 1) % LOG_EVERY == 0)
                self.position |= feeder.after(batch)
                self.position["step"] += 1
                self.position["audio_seconds"] += batch.seconds
                elapsed = time.monotonic() - started
                self.position["seconds"] += elapsed
                slowest = max(slowest, elapsed)
                if facts:
                    self._log(facts | self._where())
                stage, done = self.position["stage"], self._advance()
                if self.position["stage"] == STAGES[-1] != stage:  # of other shares of the corpora
                    feeder.close()
                    feeder = self._feeder()
                step = self.position["step"]
                if done or (step % t.evaluate_every == 0 and self.position["stage"] != "apart"):
                    self._evaluate(development)
                if done or step % t.checkpoint_every == 0:
                    checkpoint.save_weights(self.folder, step, {"model": self.student.model}, self.config, t.keep)
                    self._save()
                if done:
                    return True
                if self.stop or time.monotonic() + 2 * slowest + 5 > deadline:
                    self._save()
                    return False
        finally:
            if feeder:
                feeder.close()

    def _step(self, batch: FedBatch, log: bool) -> dict | None:
        c = self.config.distil
        seed = self.config.seed * 1_000_003 + self.position["step"]
        self.augmenter.generator.manual_seed(seed)
        torch.manual_seed(seed)
        stage = self.position["stage"]
        # Later stages hear what the encoder has been taught to hear.
        augmented = self._fraction() >= c.augment_from if stage == "joined" else stage != "apart" and c.augment_from < 1
        clean, features, lens, turned = self._features(batch, augmented, turns=stage == "joined")
        labels = (batch.tokens.to(self.device, non_blocking=True), batch.token_lens.to(self.device, non_blocking=True))
        factor = rate_factor(self.position["step"] - self.position["stage_began"]["step"], self._fraction(), c)
        labelled = torch.full((), float(not turned), device=self.device)
        facts = self.learn((clean, features, lens, *labels, labelled), factor)
        if not log:
            return None
        rounded = {name: [round(x, 4) for x in value.flatten().tolist()] for name, value in facts.items()}
        facts = {name: value if len(value) > 1 else value[0] for name, value in rounded.items()}
        return facts | {"factor": round(factor, 4), "turns": turned}

    @torch.no_grad()
    def _features(
        self, batch: FedBatch, augmented: bool, turns: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, bool]:
        """Of the clean sound for the teacher, of the same through rooms, lines and noise and with masks for the student; lens;
        whether the utterances take turns, so that their texts do not hold.

        Both hear it from the same vocal tract and with the same voice behind it: what the teacher makes of a sound that
        nobody said is a lesson like any other (Beyer et al., 2022, arXiv 2106.05237).
        """
        samples = batch.lens.to(self.device, non_blocking=True)
        if self.audio:
            waveform = self.audio.cut(batch.rows, batch.size, self.config.augment, self.augmenter.generator)
        else:
            waveform = batch.waveform.float() / 32768
        waveform, turned = self.augmenter.turns(waveform, samples) if turns else (waveform, False)
        waveform = self.augmenter.blended(waveform, samples)
        tract = self.augmenter.filters(self.config.model.encoder.bins)
        clean, lens = self.fbank(waveform, samples, tract)
        if not augmented:
            return clean, clean, lens.long(), turned
        changed, same = self.augmenter.waveform(waveform, samples)
        if changed.shape != waveform.shape or not torch.equal(same, samples):
            raise ValueError("augment.speeds must be [1.0]: the teacher hears the sound at its own speed")
        features = self.augmenter.features(self.fbank(changed, samples, tract)[0], lens.long(), torch.zeros_like(clean[0, 0]))
        return clean, features, lens.long(), turned

    @torch.no_grad()
    def _measure(self, batches: list[FedBatch]) -> None:
        outputs, inside = [], []
        for batch in batches:
            clean, _, lens, _ = self._features(batch, augmented=False)
            with precision(self.device, self.config.train.bfloat16):
                out, _, encoder_lens = self.teacher(clean, lens)
            outputs.append([x.float() for x in out])
            inside.append(length_mask(encoder_lens, out[0].shape[1]))
        self.student.measure(outputs, inside)
        self.position["measured"] = True

    def _fraction(self) -> float:
        """How much of the stage is done, 0 to 1."""
        c, began = self.config.distil, self.position["stage_began"]
        steps = {"apart": c.apart_steps, "joined": c.joined_steps, "units": c.units_steps, "settled": c.settle_steps}
        share = steps[self.position["stage"]] / sum(steps.values())
        if share == 0:
            return 1.0
        if self.budget > 0:
            return min(1.0, (self.position["seconds"] - began["seconds"]) / (self.budget * share))
        return min(1.0, (self.position["step"] - began["step"]) / steps[self.position["stage"]])

    def _advance(self) -> bool:
        """To the next stage that has steps, if this one is done; True after the last."""
        if self._fraction() < 1.0:
            return False
        while self._fraction() >= 1.0:
            after = STAGES.index(self.position["stage"]) + 1
            if after == len(STAGES):
                self.position["stage"] = "done"
                return True
            self.position["stage"] = STAGES[after]
            self.position["stage_began"] = {"step": self.position["step"], "seconds": self.position["seconds"]}
        self.optimizers = self._optimizers()
        self.learn = self._stage_step()
        self._log(self._where())
        return False

    def _compile(self) -> None:
        model = self.student.model
        decoders = [decoder.decoders for decoder in (model.left, model.right) if decoder]
        for layer in chain(self.teacher.encoder.encoders, model.encoder.encoders, *decoders):
            layer.compile(dynamic=True, fullgraph=True)

    def _feeder(self) -> Feeder:
        config = self.config
        if self.position["stage"] == STAGES[-1]:
            corpora = config.data.corpora
            settled = {name: replace(c, weight=c.settle_weight) for name, c in corpora.items() if c.settle_weight >= 0}
            config = replace(config, data=replace(config.data, corpora=corpora | settled))
        return Feeder(self.corpus, self.units, config, self.position, with_audio=self.audio is None)

    def _stage_step(self) -> DistilStep:
        return DistilStep(self.student, self.teacher, self.optimizers, self.config, self.position["stage"])

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        c = self.config.distil
        rates = {"joined": (c.joined_muon_rate, c.joined_adam_rate), "settled": (c.settle_muon_rate, c.settle_adam_rate)}.get(
            self.position["stage"], (c.apart_muon_rate, c.apart_adam_rate)
        )
        optimizers = make_optimizers([self.student], *rates, self.config.train.weight_decay)
        tables = [p for name, p in self.student.named_parameters() if name.endswith(TABLES)]
        set_apart(optimizers[1], tables, rates[1] * c.table_factor)
        return optimizers

    def _evaluate(self, development: Development) -> None:
        # As it is: modes and shapes of its own are not worth compiling for.
        with precision(self.device, self.config.train.bfloat16), torch.compiler.set_stance("force_eager"):
            self._log({"step": self.position["step"], "evaluation": development.evaluate(self.student.model, self.device)})

    def _resume(self, content: dict) -> None:
        self.student.load_state_dict(content["student"])
        self.position = content["position"]
        self.optimizers = self._optimizers()
        for optimizer, state in zip(self.optimizers, content["optimizers"]):
            optimizer.load_state_dict(state)
        self.learn = self._stage_step()

    def _save(self) -> None:
        content = {"student": self.student.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers]}
        content |= {"model": self.student.model.state_dict(), "position": self.position, "config": to_tree(self.config)}
        checkpoint.save(self.folder / checkpoint.LAST, content)

    def _where(self) -> dict:
        p = self.position
        hours = round(p["audio_seconds"] / 3600, 3)
        done = round(self._fraction(), 4) if p["stage"] in STAGES else 1.0
        return {"step": p["step"], "audio_hours": hours, "seconds": round(p["seconds"], 1), "stage": p["stage"], "done": done}

    def _log(self, facts: dict) -> None:
        line = json.dumps(facts)
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(line + "\n")

    def _on_signal(self, *_) -> None:
        self.stop = True
