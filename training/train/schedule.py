"""The learning rate: warm-up, a plateau, linear decay."""

from training.config import TrainConfig


def learning_rate(step: int, c: TrainConfig) -> float:
    """At `step`, counted from 0. CTC needs the full rate until it has left its plateau of blanks, hence the hold."""
    warm = min((step + 1) / c.warmup, 1.0) if c.warmup > 0 else 1.0
    decay = (1 - step / c.steps) / max(1 - c.hold, 1e-9)
    return c.learning_rate * warm * min(1.0, max(c.floor, decay))
