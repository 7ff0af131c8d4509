"""N-gram probabilities with interpolated modified Kneser-Ney smoothing (Chen & Goodman 1998, section 3).

Each order's n-grams are numbered by the n-gram they begin with and then by their last token, so that the n-grams with one
beginning stand together: the order of the file (ngram_file.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

NOWHERE = -1


@dataclass
class Order:
    """The n-grams of one length; P of them."""

    parent: np.ndarray  # int32 [P] number of the n-gram without its last token; 0 for single tokens
    suffix: np.ndarray  # int32 [P] number of the n-gram without its first token; 0 for single tokens
    token: np.ndarray  # int32 [P] the last one
    count: np.ndarray  # int32 [P] occurrences, or for shorter n-grams how many different tokens stood before
    begins: np.ndarray  # bool [P] whether it has a sentence's beginning
    rest: np.ndarray  # float64 [P] counts of what stood after it and was left out
    discount: np.ndarray | None = None  # float64 [4] of what was counted 0, 1, 2 and more often
    keep: np.ndarray | None = None  # bool [P]
    log_prob: np.ndarray | None = None  # float64 [P] of the last token after the others
    backoff: np.ndarray | None = None  # float64 [P] log weight of what the shorter history says; 0 where nothing follows


def estimate(sentences: Iterable[list[int]], vocabulary: int, boundary: int, order: int, cutoff: int = 1) -> list[Order]:
    """`boundary` begins and ends every sentence. Beginnings are counted and then left out: what is searched begins after a
    pause, which may be anywhere. So are n-grams of three tokens and more that were counted `cutoff` times at most, unless
    a longer one needs them. What they would have got goes to the shorter history."""
    orders = count(sentences, vocabulary, boundary, order)
    choose(orders, cutoff)
    for at in range(order - 1, 0, -1):
        orders[at - 1] = without(orders[at], orders[at - 1])
    orders = kept(orders)
    smooth_all(orders)
    return orders


def count(sentences: Iterable[list[int]], vocabulary: int, boundary: int, order: int) -> list[Order]:
    tokens, lengths = flatten(sentences, boundary)
    starts = np.cumsum(lengths) - lengths
    begins = np.zeros(len(tokens), bool)
    begins[starts] = True
    # Tokens from each place to its sentence's end.
    left = np.repeat((starts + lengths).astype(np.int32), lengths) - np.arange(len(tokens), dtype=np.int32)
    every = np.arange(vocabulary, dtype=np.int32)
    counted = np.bincount(tokens[~begins], minlength=vocabulary).astype(np.int32)
    orders = [Order(np.zeros_like(every), np.zeros_like(every), every, counted, every < 0, np.zeros(vocabulary))]
    numbers = tokens  # of the n-gram that begins at each place
    for length in range(2, order + 1):
        places = np.flatnonzero(left >= length)
        keys = numbers[places].astype(np.int64) * vocabulary + tokens[places + length - 1]
        found, first, inverse, occurred = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        suffix, shorter = numbers[places[first] + 1], orders[-1]
        parent, token = (part.astype(np.int32) for part in np.divmod(found, vocabulary))
        occurred = occurred.astype(np.int32)
        orders.append(Order(parent, suffix, token, occurred, begins[places[first]], np.zeros(len(found))))
        # What begins a sentence has nothing before it and keeps its occurrences.
        before = np.bincount(suffix, minlength=len(shorter.token))
        shorter.count = np.where(shorter.begins, shorter.count, before).astype(np.int32)
        numbers = np.full(len(tokens), NOWHERE, np.int32)
        numbers[places] = inverse
    for here in orders:
        here.discount = discounts(here.count)
    return orders


def flatten(sentences: Iterable[list[int]], boundary: int) -> tuple[np.ndarray, np.ndarray]:
    """All tokens with boundaries, int32, and the length of each sentence, int64."""
    flat = [np.array([boundary, *sentence, boundary], np.int32) for sentence in sentences]
    return np.concatenate(flat), np.array([len(sentence) for sentence in flat])


def choose(orders: list[Order], cutoff: int) -> None:
    """With every n-gram stay the one it begins with and the one it ends with."""
    needed = None
    for length in range(len(orders), 0, -1):
        here = orders[length - 1]
        here.keep = (here.count > cutoff if length > 2 else np.ones(len(here.token), bool)) & ~here.begins
        if needed is not None:
            here.keep |= needed
        if length > 1:
            needed = needed_by(here, len(orders[length - 2].token))


def needed_by(longer: Order, many: int) -> np.ndarray:
    """bool [many] of the n-grams that a kept one of the next order begins or ends with."""
    needed = np.zeros(many, bool)
    needed[longer.parent[longer.keep]] = True
    needed[longer.suffix[longer.keep]] = True
    return needed


def without(here: Order, below: Order) -> Order:
    """The order below, knowing what is not kept here. Its occurrences must now be predicted there, so that what stood before it
    counts no longer once but as often as it occurred (revised Kneser pruning: Siivola, Hirsimäki & Virpioja 2007). That
    goes for beginnings of sentences too, which nothing else predicts (bench/NOTES.md)."""
    dropped = ~here.keep
    rest = below.rest + np.bincount(here.parent[dropped], here.count[dropped], len(below.token))
    more = np.bincount(here.suffix[dropped], here.count[dropped] - 1, len(below.token))
    return replace(below, rest=rest, count=below.count + more.astype(np.int32))


def kept(orders: list[Order]) -> list[Order]:
    """The kept n-grams, numbered among themselves."""
    return [without_dropped(here, before) for before, here in zip([None, *orders], orders)]


def without_dropped(here: Order, before: Order | None) -> Order:
    keep, known = here.keep, vars(here).items()
    number = np.zeros(1, np.int32) if before is None else (np.cumsum(before.keep) - 1).astype(np.int32)
    fields = {name: value[keep] for name, value in known if value is not None and name != "discount"}
    return replace(here, **fields | {"parent": number[fields["parent"]], "suffix": number[fields["suffix"]]})


def smooth_all(orders: list[Order]) -> None:
    for below, here in zip([None, *orders], orders):
        smooth(here, below)


def smooth(here: Order, below: Order | None) -> None:
    """Probabilities of the order and the backoff weights of the one below, which has its probabilities. What was left out
    is the shorter history's. A history's probabilities add up to 1."""
    total, share = shares(here, below)
    shorter = 1 / len(here.token) if below is None else np.exp(below.log_prob)[here.suffix]
    here.log_prob = np.log(discounted(here) / total[here.parent] + share[here.parent] * shorter)
    if below is not None:
        below.backoff = np.log(share)


def shares(here: Order, below: Order | None) -> tuple[np.ndarray, np.ndarray]:
    """Of each history, float64 [histories]: what was counted after it, and the share of that which is the shorter one's."""
    rest = np.zeros(1) if below is None else below.rest
    counted = np.bincount(here.parent, here.count, len(rest))
    left = rest + counted - np.bincount(here.parent, discounted(here), len(rest))
    total = counted + rest
    return total, np.where(total > 0, left / np.maximum(total, 1), 1.0)


def discounted(here: Order) -> np.ndarray:
    """float64 [P]: the counts less their discounts."""
    return np.maximum(here.count - here.discount[np.minimum(here.count, 3)], 0)


def discounts(counts: np.ndarray) -> np.ndarray:
    """Of what was counted 0, 1, 2 and more often."""
    n = [max(1, int((counts == times).sum())) for times in range(1, 5)]
    y = n[0] / (n[0] + 2 * n[1])
    return np.array([0.0, *(min(max(k - (k + 1) * y * n[k] / n[k - 1], 0.05), k - 0.05) for k in (1, 2, 3))])
