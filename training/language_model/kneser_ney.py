"""N-gram probabilities with interpolated modified Kneser-Ney smoothing (Chen & Goodman 1998, section 3).

Each order's n-grams are numbered by the n-gram they begin with and then by their last token, so that the n-grams with one
beginning stand together: the order of the file (ngram_file.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

NOWHERE = -1


@dataclass
class Order:
    """The n-grams of one length; P of them."""

    parent: np.ndarray  # int64 [P] number of the n-gram without its last token; 0 for single tokens
    suffix: np.ndarray  # int64 [P] number of the n-gram without its first token; 0 for single tokens
    token: np.ndarray  # int64 [P] the last one
    count: np.ndarray  # int64 [P] occurrences, or for shorter n-grams how many different tokens stood before
    begins: np.ndarray  # bool [P] whether it has a sentence's beginning
    keep: np.ndarray | None = None  # bool [P]
    log_prob: np.ndarray | None = None  # float64 [P] of the last token after the others
    backoff: np.ndarray | None = None  # float64 [P] log weight of what the shorter history says; 0 where nothing follows


def estimate(sentences: Iterable[list[int]], vocabulary: int, boundary: int, order: int, cutoff: int = 1) -> list[Order]:
    """`boundary` begins and ends every sentence. Beginnings are counted and then left out: what is searched begins after a
    pause, which may be anywhere. So are n-grams of three tokens and more that were counted `cutoff` times at most, unless
    a longer one needs them. What they would have got goes to the shorter history."""
    orders = count(sentences, vocabulary, boundary, order)
    choose(orders, cutoff)
    for below, here in zip([None, *orders], orders):
        smooth(here, below, vocabulary)
    return [without_dropped(here, before) for before, here in zip([None, *orders], orders)]


def count(sentences: Iterable[list[int]], vocabulary: int, boundary: int, order: int) -> list[Order]:
    flat = [np.array([boundary, *sentence, boundary], np.int64) for sentence in sentences]
    tokens = np.concatenate(flat)
    lengths = np.array([len(sentence) for sentence in flat])
    # Tokens from each place to its sentence's end.
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(tokens))
    begins = np.zeros(len(tokens), bool)
    begins[np.cumsum(lengths) - lengths] = True
    every = np.arange(vocabulary)
    counted = np.bincount(tokens[~begins], minlength=vocabulary)
    orders = [Order(np.zeros_like(every), np.zeros_like(every), every, counted, np.zeros(vocabulary, bool))]
    numbers = tokens  # of the n-gram that begins at each place
    for length in range(2, order + 1):
        places = np.flatnonzero(left >= length)
        keys = numbers[places] * vocabulary + tokens[places + length - 1]
        found, first, inverse, occurred = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        suffix, shorter = numbers[places[first] + 1], orders[-1]
        orders.append(Order(found // vocabulary, suffix, found % vocabulary, occurred, begins[places[first]]))
        # What begins a sentence has nothing before it and keeps its occurrences.
        before = np.bincount(suffix, minlength=len(shorter.token))
        shorter.count = np.where(shorter.begins, shorter.count, before)
        numbers = np.full(len(tokens), NOWHERE)
        numbers[places] = inverse
    return orders


def choose(orders: list[Order], cutoff: int) -> None:
    """With every n-gram stay the one it begins with and the one it ends with."""
    needed = None
    for length in range(len(orders), 0, -1):
        here = orders[length - 1]
        here.keep = (here.count > cutoff if length > 2 else np.ones(len(here.token), bool)) & ~here.begins
        if needed is not None:
            here.keep |= needed
        if length > 1:
            needed = np.zeros(len(orders[length - 2].token), bool)
            needed[here.parent[here.keep]] = True
            needed[here.suffix[here.keep]] = True


def smooth(here: Order, below: Order | None, vocabulary: int) -> None:
    histories = 1 if below is None else len(below.token)
    total = np.bincount(here.parent, here.count, histories)
    discounted = np.where(here.keep, np.maximum(here.count - discounts(here.count)[np.minimum(here.count, 3)], 0), 0)
    left = total - np.bincount(here.parent, discounted, histories)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, left / total, 1.0)  # of the shorter history
    shorter = 1 / vocabulary if below is None else np.exp(below.log_prob)[here.suffix]
    here.log_prob = np.log(discounted / total[here.parent] + share[here.parent] * shorter)
    if below is not None:
        below.backoff = np.log(share)


def discounts(counts: np.ndarray) -> np.ndarray:
    """Of what was counted 0, 1, 2 and more often."""
    n = [max(1, int((counts == times).sum())) for times in range(1, 5)]
    y = n[0] / (n[0] + 2 * n[1])
    return np.array([0.0, *(min(max(k - (k + 1) * y * n[k] / n[k - 1], 0.05), k - 0.05) for k in (1, 2, 3))])


def without_dropped(here: Order, before: Order | None) -> Order:
    """The kept n-grams, numbered among themselves."""
    kept = here.keep
    number = np.zeros(1, np.int64) if before is None else np.cumsum(before.keep) - 1
    backoff = None if here.backoff is None else here.backoff[kept]
    parent, suffix = number[here.parent[kept]], number[here.suffix[kept]]
    rest = here.token[kept], here.count[kept], here.begins[kept]
    return Order(parent, suffix, *rest, None, here.log_prob[kept], backoff)
