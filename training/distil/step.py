"""One step of a stage: what the teacher puts out, what the student learns from it, and the optimisers.

On a GPU the step is captured in a CUDA graph, one per stage and shape of batch: at these sizes a launch costs as much as a
kernel. Nothing in it may wait for the device. On a CPU the same lines just run.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from training import devices
from training.config import Config
from training.devices import precision
from training.distil.losses import learn_apart, learn_joined, learn_units
from training.distil.student import Student
from training.distil.teacher import Teacher
from training.train.muon import set_rates

WARM_UP = 3  # steps that run as they are before the first capture, as PyTorch wants it; then one, of each shape
END_TO_END = ("joined", "settled")
Facts = dict[str, Tensor]


class DistilStep:
    """Of one stage; `learn` gets clean features [B, T, bins], the student's own, lens [B], tokens [B, U], token_lens [B], and 1 or, where
    the tokens are not what is said, 0."""

    def __init__(self, student: Student, teacher: Teacher, optimizers: list[torch.optim.Optimizer], config: Config, stage: str):
        self.student, self.teacher, self.optimizers = student, teacher, optimizers
        self.config, self.stage = config, stage
        self.device = student.mean.device
        self.replays: dict[tuple, Replay] = {}
        self.memory = Memory() if self.device.type == "cuda" else None

    def __call__(self, inputs: tuple[Tensor, ...], factor: float) -> Facts:
        """`factor` of the full rates."""
        set_rates(self.optimizers, factor)
        self.student.train()
        if self.device.type != "cuda":
            return self._learn(*inputs)
        key = tuple(x.shape for x in inputs)
        if key not in self.replays:
            self.replays[key] = Replay(self._learn, self.memory)
        return self.replays[key](inputs)

    def _learn(
        self, clean: Tensor, features: Tensor, lens: Tensor, tokens: Tensor, token_lens: Tensor, labelled: Tensor
    ) -> Facts:
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        with precision(self.device, self.config.train.bfloat16):
            facts = self._lesson(clean, features, lens, (tokens, token_lens), labelled)
        norm = torch.nn.utils.clip_grad_norm_(self.student.parameters(), self.config.distil.clip, foreach=True)
        if devices.waits(norm):  # no branch by a value there: what is not finite moves nothing
            for p in self.student.parameters():
                if p.grad is not None:
                    torch.nan_to_num_(p.grad, 0.0, 0.0, 0.0)
        elif not torch.isfinite(norm):
            return facts
        for optimizer in self.optimizers:
            optimizer.step()
        return facts

    def _lesson(
        self, clean: Tensor, features: Tensor, lens: Tensor, labels: tuple[Tensor, Tensor], labelled: Tensor
    ) -> Facts:
        if self.stage == "units":
            return learn_units(self.student, features, lens, labels)
        outputs, probabilities, _ = self.teacher(clean, lens)
        taught = self.student.standardised([x.float() for x in outputs])
        lesson = (self.student, features, lens, taught, probabilities, labels)
        if self.stage in END_TO_END:
            return learn_joined(*lesson, getattr(self.config.distil, self.stage), labelled)
        return learn_apart(*lesson)


class Memory:
    """Of all graphs of a stage: one pool, since one graph runs at a time, and one stream for the calls before a capture."""

    def __init__(self):
        self.pool, self.stream, self.calls = torch.cuda.graph_pool_handle(), torch.cuda.Stream(), 0


class Replay:
    """A function of tensors of fixed shapes, captured in a CUDA graph after a few plain calls."""

    def __init__(self, function: Callable[..., Facts], memory: Memory):
        self.function, self.memory, self.called = function, memory, False
        self.graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, inputs: tuple[Tensor, ...]) -> Facts:
        if self.graph is None and (not self.called or self.memory.calls < WARM_UP):
            self.called, self.memory.calls = True, self.memory.calls + 1
            return self._aside(inputs)
        if self.graph is None:
            self.inputs = tuple(x.clone() for x in inputs)
            self.graph = torch.cuda.CUDAGraph()
            torch.cuda.empty_cache()  # what the plain calls took is not the pool's
            with torch.cuda.graph(self.graph, pool=self.memory.pool):
                self.facts = self.function(*self.inputs)
        for own, given in zip(self.inputs, inputs):
            own.copy_(given)
        self.graph.replay()
        return self.facts

    def _aside(self, inputs: tuple[Tensor, ...]) -> Facts:
        stream = self.memory.stream
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            facts = self.function(*inputs)
        torch.cuda.current_stream().wait_stream(stream)
        return facts
