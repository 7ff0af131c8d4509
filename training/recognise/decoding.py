"""CTC prefix beam search and attention rescoring, as the engine does them."""

import math
from dataclasses import dataclass

import numpy as np

from training.language_model.ngram_file import NgramModel

BEAM = 10
THRESHOLD = -14.0  # tokens less likely than e^-14 in a frame change no text
NEVER = -math.inf
NOTHING = (0, 0.0)


@dataclass(frozen=True)
class Hypothesis:
    tokens: tuple[int, ...]
    ctc: float  # log probability over the alignments kept, and what the language model adds


@dataclass(frozen=True)
class Weights:
    ctc: float = 0.5
    reverse: float = 0.3


@dataclass(frozen=True)
class LanguageWeights:
    """Of a language model in the search, as model.json has them."""

    weight: float = 0.8
    prior_weight: float = 0.5
    token_bonus: float = 0.75


class Language:
    """A language model as the search asks it: what tokens add to a prefix's score (src/asr/beam/language-scorer.ts)."""

    def __init__(self, model: NgramModel, weights: LanguageWeights):
        self.model, self.weight = model, weights.weight
        self.gains = [weights.token_bonus - weights.prior_weight * log_prob for log_prob in model.prior]

    def extend(self, before: tuple[int, float], token: int) -> tuple[int, float]:
        """State and score of a prefix -> those of the prefix one token longer."""
        state, log_prob = self.model.step(before[0], token)
        return state, before[1] + self.weight * log_prob + self.gains[token]


def greedy_tokens(best: list[int], blank: int) -> list[int]:
    """The best token of every frame: repeats joined, then blanks dropped."""
    return [t for at, t in enumerate(best) if t != blank and (at == 0 or t != best[at - 1])]


def log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == NEVER else a + math.log1p(math.exp(b - a))


def prefix_beam(
    log_probs: np.ndarray,
    tokens: np.ndarray,
    beam: int = 10,
    blank: int = 0,
    threshold: float = NEVER,
    language: Language | None = None,
) -> list[Hypothesis]:
    """The K best log_probs [T, K] and their tokens [T, K] -> at most `beam` hypotheses, best first.

    Tokens below `threshold` in a frame are skipped, which saves time where only the text counts.
    """
    kept: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, NEVER)}  # prefix -> ends in blank, ends in its token
    said = {(): (language.model.start if language else 0, 0.0)}  # prefix -> state and score of the language model
    for row, ids in zip(log_probs.tolist(), tokens.tolist()):
        grown: dict[tuple[int, ...], tuple[float, float]] = {}

        def add(prefix: tuple[int, ...], s: float, ns: float) -> None:
            a, b = grown.get(prefix, (NEVER, NEVER))
            grown[prefix] = (log_add(a, s), log_add(b, ns))

        best = [(p, u) for p, u in zip(row[:beam], ids[:beam]) if p >= threshold]
        for prefix, (s, ns) in kept.items():
            score = log_add(s, ns)
            for p, u in best:
                if u == blank:
                    add(prefix, score + p, NEVER)
                elif prefix and u == prefix[-1]:
                    add(prefix, NEVER, ns + p)
                    add((*prefix, u), NEVER, s + p)
                else:
                    add((*prefix, u), NEVER, score + p)
        if language:
            for prefix in grown:
                if prefix not in said:
                    said[prefix] = language.extend(said[prefix[:-1]], prefix[-1])
        ranked = sorted(grown.items(), key=lambda item: log_add(*item[1]) + said.get(item[0], NOTHING)[1], reverse=True)
        kept = dict(ranked[:beam])
    found = [Hypothesis(prefix, log_add(*ends)) for prefix, ends in kept.items()]
    return [Hypothesis(h.tokens, h.ctc + said[h.tokens][1]) for h in found] if language else found


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
