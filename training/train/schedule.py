"""The learning rate: warm-up, a plateau, linear decay."""

from typing import Protocol

from training.config import TrainConfig


class Schedule(Protocol):
    warmup: int  # steps
    hold: float  # share of the run at the full rate
    floor: float  # of the full rate


def learning_rate(step: int, c: TrainConfig) -> float:
    """At `step`, counted from 0. CTC needs the full rate until it has left its plateau of blanks, hence the hold."""
    return c.learning_rate * rate_factor(step, step / c.steps, c)


def rate_factor(step: int, done: float, c: Schedule) -> float:
    """Of the full rate: warm-up by steps, then held, then linear to the floor, by the share of the run that is done."""
    warm = min((step + 1) / c.warmup, 1.0) if c.warmup > 0 else 1.0
    return warm * min(1.0, max(c.floor, (1 - done) / max(1 - c.hold, 1e-9)))
