"""The n-grams of a Kneser-Ney model that can be missed most easily are left out, until it is small enough.

How much is lost is the relative entropy between the model with and without the n-gram (Stolcke 1998, cs/0006025). Two
things that this is known to do badly with Kneser-Ney (Chelba et al. 2010; Siivola, Hirsimäki & Virpioja 2007) are done as the latter
do in their revised Kneser pruning: how often a history is met is taken from counts, not from the smoothed
probabilities; and the occurrences of what is left out are counted again one order below, which now has to predict them.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training.kneser_ney import Order, discounted, needed_by, shares, smooth_all

STEPS = 12
LEAST, MOST = 1e-12, 1.0  # nats per token of text


def prune_to(orders: list[Order], fits: Callable[[list[Order]], bool]) -> tuple[list[Order], float]:
    """Smoothed orders -> smoothed orders of which less is kept, and the threshold: the least found at which it fits."""
    low, high = math.log(LEAST), math.log(MOST)
    for _ in range(STEPS):
        middle = (low + high) / 2
        if fits(prune(orders, math.exp(middle))):
            high = middle
        else:
            low = middle
    pruned = prune(orders, math.exp(high))
    if not fits(pruned):
        raise ValueError("without any n-gram of two tokens it is too large already")
    smooth_all(pruned)
    return pruned, math.exp(high)


def prune(orders: list[Order], threshold: float) -> list[Order]:
    """New orders that keep less and whose counts are revised; to be smoothed. With every n-gram that is kept stay the one
    it begins with and the one it ends with."""
    tokens = float(orders[-1].count.sum())
    pruned = list(orders)
    for at in range(len(orders) - 1, 0, -1):
        here, below = pruned[at], orders[at - 1]
        keep = here.keep & (losses(here, below, tokens) > threshold)
        if at + 1 < len(orders):
            keep |= needed_by(pruned[at + 1], len(keep))
        pruned[at] = replace(here, keep=keep)
        # An n-gram that stays counts once below, for what stood before; one that goes, as often as it was counted.
        dropped = ~keep
        more = np.bincount(here.suffix[dropped], here.count[dropped] - 1, len(below.token))
        pruned[at - 1] = replace(below, count=below.count + more.astype(np.int32))
    return pruned


def losses(here: Order, below: Order, tokens: float) -> np.ndarray:
    """float64 [P]: nats per token of text that leaving out each n-gram alone costs. Besides its own probability p, the
    share that goes to the shorter history raises all others a little: to first order by what they have there."""
    total, share = shares(here, below)
    own = discounted(here) / np.maximum(total[here.parent], 1)
    lower = np.exp(below.log_prob)[here.suffix]
    share = share[here.parent]
    p = own + share * lower
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = p * np.log(p / ((share + own) * lower)) - own * (1 - lower)
    return total[here.parent] / tokens * lost
