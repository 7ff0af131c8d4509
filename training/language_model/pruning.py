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

from training.language_model.kneser_ney import Order, discounted, kept, needed_by, shares, smooth_all, without

FIRST, STRIDE, STEPS = 1e-8, 4.0, 40
CLOSE = 0.005  # of the size, below which it is good enough


def prune_to(orders: list[Order], size: Callable[[list[Order]], int], most: float) -> tuple[list[Order], float]:
    """Smoothed orders -> smoothed orders of which so much is kept that `size` is a little below `most`, and the threshold. Found
    by false position between logarithms, where size against threshold is nearly a line."""
    if size(orders) <= most:
        return orders, 0.0
    longest = losses(orders[-1], orders[-2], tokens_of(orders))
    at, above, below = math.log(FIRST), None, None  # thresholds at which it is too large, and small enough
    for _ in range(STEPS):
        excess = math.log(size(select(orders, math.exp(at), longest)) / most)
        if excess > 0:
            above = at, excess
        else:
            below = at, excess
        if -CLOSE <= excess <= 0:
            break
        if above is None or below is None:
            at += math.log(STRIDE) * (1 if below is None else -1)
        else:
            part = above[1] / (above[1] - below[1])
            at = above[0] + min(max(part, 0.1), 0.9) * (below[0] - above[0])
    if below is None:
        raise ValueError("without any n-gram of two tokens it is too large already")
    return prune(orders, math.exp(below[0]), longest), math.exp(below[0])


def prune(orders: list[Order], threshold: float, longest: np.ndarray | None = None) -> list[Order]:
    """Smoothed orders -> smoothed orders without what is worth no more than the threshold."""
    pruned = kept(select(orders, threshold, longest))
    smooth_all(pruned)
    return pruned


def select(orders: list[Order], threshold: float, longest: np.ndarray | None = None) -> list[Order]:
    """New orders that keep less, their counts revised. With every n-gram that is kept stay the one it begins with and the one
    it ends with. `longest`: the losses of the longest, which are the same at every threshold."""
    tokens = tokens_of(orders)
    selected = list(orders)
    for at in range(len(orders) - 1, 0, -1):
        here = selected[at]
        known = longest if here is orders[-1] else None
        keep = (losses(here, orders[at - 1], tokens) if known is None else known) > threshold
        if at + 1 < len(orders):
            keep |= needed_by(selected[at + 1], len(keep))
        selected[at] = replace(here, keep=keep)
        selected[at - 1] = without(selected[at], orders[at - 1])
    return selected


def tokens_of(orders: list[Order]) -> float:
    """Tokens of the texts that end an n-gram of the longest order: only these were counted as they occur."""
    return float(orders[-1].count.sum() + orders[-2].rest.sum())


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
