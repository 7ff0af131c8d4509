"""N-gram models of made-up sentences, and what they say by the definition."""

import itertools
import random
from pathlib import Path

import numpy as np

from training.language_model.kneser_ney import Order, discounts
from training.language_model.ngram_file import SCORE_BITS, NgramModel, write_ngrams
from training.tests.support import UNITS

BOUNDARY = 9
GOLDEN = Path("test/fixtures/language-model")


def some_sentences(seed: int = 1, many: int = 300) -> list[list[int]]:
    r = random.Random(seed)
    return [[r.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 7]) for _ in range(r.randint(0, 7))] for _ in range(many)]


class Plain:
    """Interpolated modified Kneser-Ney as the paper writes it down, with nothing left out but beginnings: where they are not
    asked, a shorter n-gram counts as often as it began a sentence, and not once for that."""

    def __init__(self, sentences: list[list[int]], order: int):
        raw: dict[tuple[int, ...], int] = {}
        for sentence in sentences:
            s = (BOUNDARY, *sentence, BOUNDARY)
            for at, length in itertools.product(range(len(s)), range(1, order + 1)):
                if at + length <= len(s) and (length > 1 or at > 0):
                    raw[s[at : at + length]] = raw.get(s[at : at + length], 0) + 1
        counts: list[list[int]] = [[] for _ in range(order)]
        self.counts: dict[tuple[int, ...], int] = {}
        for gram, occurred in raw.items():
            longest = len(gram) == order or (len(gram) > 1 and gram[0] == BOUNDARY)
            counts[len(gram) - 1].append(occurred if longest else len({longer[0] for longer in raw if longer[1:] == gram}))
            began = raw.get((BOUNDARY, *gram), 1) - 1 if len(gram) < order else 0
            self.counts[gram] = counts[len(gram) - 1][-1] + began
        self.discounts = [discounts(np.array(of_order or [1])) for of_order in counts]
        self.order = order

    def probability(self, history: tuple[int, ...], token: int, vocabulary: int) -> float:
        history = history[-self.order + 1 :] if self.order > 1 else ()
        following = {g[-1]: c for g, c in self.counts.items() if g[:-1] == history}
        shorter = self.probability(history[1:], token, vocabulary) if history else 1 / vocabulary
        if not following:
            return shorter
        d = self.discounts[len(history)]
        kept = {t: max(c - d[min(c, 3)], 0) for t, c in following.items()}
        total = sum(following.values())
        return kept.get(token, 0) / total + (total - sum(kept.values())) / total * shorter


def written(orders: list[Order], folder: str, score_bits: int = SCORE_BITS) -> NgramModel:
    path = Path(folder) / "lm.bin"
    write_ngrams(orders, np.log(np.full(10, 0.1)), path, score_bits)
    return NgramModel(path, BOUNDARY)


def says(model: NgramModel, sentence: list[int]) -> list[float]:
    """Log probability of each token."""
    state, log_probs = model.start, []
    for token in sentence:
        state, found = model.step(state, token)
        log_probs.append(found)
    return log_probs


def grams(orders: list[Order]) -> list[list[tuple[int, ...]]]:
    """The n-grams of each order, as they are numbered."""
    levels: list[list[tuple[int, ...]]] = [[()]]
    for order in orders:
        levels.append([(*levels[-1][parent], int(token)) for parent, token in zip(order.parent, order.token)])
    return levels[1:]


def table(orders: list[Order]) -> tuple[dict[tuple[int, ...], float], dict[tuple[int, ...], float]]:
    """Log probabilities and backoff weights by n-gram."""
    levels = grams(orders)
    log_probs = {gram: p for level, order in zip(levels, orders) for gram, p in zip(level, order.log_prob)}
    return log_probs, {gram: b for level, order in zip(levels, orders[:-1]) for gram, b in zip(level, order.backoff)}


def row(pairs: list[Order], history: int) -> np.ndarray:
    """Probability of every token after one, float64 [V]."""
    here = pairs[1].parent == history
    probabilities = np.exp(pairs[0].backoff[history] + pairs[0].log_prob)
    probabilities[pairs[1].token[here]] = np.exp(pairs[1].log_prob[here])
    return probabilities


def log_prob(model: NgramModel, text: str) -> float:
    state, total = model.start, 0.0
    for token in (*UNITS.encode(text), model.start):
        state, found = model.step(state, token)
        total += found
    return total
