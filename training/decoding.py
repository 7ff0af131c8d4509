"""CTC prefix beam search and attention rescoring, as the engine does them."""

import math
from dataclasses import dataclass

import numpy as np

NEVER = -math.inf


@dataclass(frozen=True)
class Hypothesis:
    tokens: tuple[int, ...]
    ctc: float  # log probability over the alignments kept


@dataclass(frozen=True)
class Weights:
    ctc: float = 0.5
    reverse: float = 0.3


def greedy_tokens(best: list[int], blank: int) -> list[int]:
    """The best token of every frame: repeats joined, then blanks dropped."""
    return [t for at, t in enumerate(best) if t != blank and (at == 0 or t != best[at - 1])]


def log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == NEVER else a + math.log1p(math.exp(b - a))


def prefix_beam(
    log_probs: np.ndarray, tokens: np.ndarray, beam: int = 10, blank: int = 0, threshold: float = NEVER
) -> list[Hypothesis]:
    """The K best log_probs [T, K] and their tokens [T, K] -> at most `beam` hypotheses, best first.

    Tokens below `threshold` in a frame are skipped, which saves time where only the text counts.
    """
    kept: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, NEVER)}  # prefix -> ends in blank, ends in its token
    for row, ids in zip(log_probs.tolist(), tokens.tolist()):
        grown: dict[tuple[int, ...], tuple[float, float]] = {}
        best = [(p, u) for p, u in zip(row[:beam], ids[:beam]) if p >= threshold]
        for prefix, (s, ns) in kept.items():
            score = log_add(s, ns)
            for p, u in best:
                if u == blank:
                    a, b = grown.get(prefix, (NEVER, NEVER))
                    grown[prefix] = (log_add(a, score + p), b)
                elif prefix and u == prefix[-1]:
                    a, b = grown.get(prefix, (NEVER, NEVER))
                    grown[prefix] = (a, log_add(b, ns + p))
                    longer = (*prefix, u)
                    a, b = grown.get(longer, (NEVER, NEVER))
                    grown[longer] = (a, log_add(b, s + p))
                else:
                    longer = (*prefix, u)
                    a, b = grown.get(longer, (NEVER, NEVER))
                    grown[longer] = (a, log_add(b, score + p))
        ranked = sorted(grown.items(), key=lambda item: log_add(*item[1]), reverse=True)
        kept = dict(ranked[:beam])
    return [Hypothesis(prefix, log_add(*ends)) for prefix, ends in kept.items()]


def pack_hypotheses(nbest: list[Hypothesis], sos: int, eos: int) -> tuple[np.ndarray, np.ndarray]:
    """int64 [N, L] of sos, tokens and padding; int32 [N] of lengths with sos."""
    lens = np.array([len(h.tokens) + 1 for h in nbest], np.int32)
    hyps = np.full((len(nbest), lens.max()), eos, np.int64)
    hyps[:, 0] = sos
    for row, h in zip(hyps, nbest):
        row[1 : 1 + len(h.tokens)] = h.tokens
    return hyps, lens


def final_scores(nbest: list[Hypothesis], l2r: np.ndarray, r2l: np.ndarray, weights: Weights) -> np.ndarray:
    """l2r and r2l [N]: sums of log-probs, eos included -> float64 [N]."""
    ctc = np.array([h.ctc for h in nbest])
    return (1 - weights.reverse) * l2r + weights.reverse * r2l + weights.ctc * ctc
