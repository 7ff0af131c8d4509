"""Sound at another speed: read between its samples."""

from torch import Tensor


def read_at(samples: Tensor, position: Tensor, first: Tensor | int = 0, last: Tensor | int | None = None) -> Tensor:
    """float32, between int16 `samples` [N] at fractional positions: Catmull and Rom's cubic through the four nearest.

    `first` and `last`: the borders of the recording that each position is in, beyond which the border's sample is read.
    Not band-limited: at speeds near 1 what is folded lies above 7 kHz, where speech has next to nothing.
    """
    last = len(samples) - 1 if last is None else last
    whole = position.floor()
    t = (position - whole).float()
    whole = whole.long()
    a, b, c, d = (samples[(whole + n).clamp(first, last)].float() for n in (-1, 0, 1, 2))
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
