"""The file of an n-gram language model in a pack; src/asr/language-model/read-ngrams.ts describes and reads it."""

import struct
from bisect import bisect_left
from pathlib import Path

import numpy as np

from training.language_model.kneser_ney import Order

MAGIC, VERSION, CODEBOOK = b"NGLM", 1, 256


def write_ngrams(orders: list[Order], prior: np.ndarray, path: Path) -> None:
    """prior: log probability of each unit in what the acoustic model was trained to write. One byte a score: each order's
    codebook has the mean of each 256th part of its scores."""
    log_probs = [quantise(order.log_prob) for order in orders]
    backoffs = [quantise(order.backoff) for order in orders[:-1]]
    parts = [MAGIC, struct.pack("<3I", VERSION, len(orders), len(orders[0].token))]
    parts.append(np.array([len(order.token) for order in orders], "<u4").tobytes())
    parts.append(prior.astype("<f4").tobytes())
    parts += [codebook.tobytes() for codebook, _ in (*log_probs, *backoffs)]
    for at, order in enumerate(orders):
        parts += [order.token.astype("<u2").tobytes(), log_probs[at][1].tobytes()]
        if at < len(backoffs):
            children = np.bincount(orders[at + 1].parent, minlength=len(order.token))
            parts += [backoffs[at][1].tobytes(), children.astype("<u2").tobytes()]
    path.write_bytes(b"".join(parts))


def quantise(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 [256] and the place of each value's own there, uint8 [P]."""
    levels = np.unique(values)
    if len(levels) > CODEBOOK:
        levels = np.array([part.mean() for part in np.array_split(np.sort(values), CODEBOOK)])
    middles = (levels[1:] + levels[:-1]) / 2
    codebook = np.zeros(CODEBOOK, "<f4")
    codebook[: len(levels)] = levels
    return codebook, np.searchsorted(middles, values).astype(np.uint8)


class NgramModel:
    """As src/asr/language-model/language-model.ts asks it: a state is a node of the tree of n-grams."""

    def __init__(self, path: Path, boundary: int):
        data = path.read_bytes()
        magic, version, order, vocabulary = struct.unpack_from("<4s3I", data)
        if (magic, version) != (MAGIC, VERSION):
            raise ValueError(f"{path} is not version {VERSION} of a file of n-grams")
        counts = np.frombuffer(data, "<u4", order, 16).tolist()
        at = 16 + 4 * order
        self.prior = np.frombuffer(data, "<f4", vocabulary, at).astype(np.float64).tolist()
        books = np.frombuffer(data, "<f4", (2 * order - 1) * CODEBOOK, at + 4 * vocabulary).reshape(-1, CODEBOOK)
        at += 4 * vocabulary + books.nbytes
        tokens, log_probs, backoffs, children = [], [], [], []
        for number, count in enumerate(counts):
            tokens.append(np.frombuffer(data, "<u2", count, at))
            log_probs.append(books[number][np.frombuffer(data, np.uint8, count, at + 2 * count)])
            at += 3 * count
            if number < order - 1:
                backoffs.append(books[order + number][np.frombuffer(data, np.uint8, count, at)])
                children.append(np.frombuffer(data, "<u2", count, at + count))
                at += 3 * count
        self.start, self.vocabulary = boundary, vocabulary
        self.token = np.concatenate(tokens).tolist()
        self.log_prob = np.concatenate(log_probs).astype(np.float64).tolist()
        self.backoff = np.concatenate(backoffs).astype(np.float64).tolist()
        following = np.concatenate(children).astype(np.int64)
        self.first_child = (vocabulary + np.concatenate([[0], np.cumsum(following)])).tolist()
        self.parent = np.repeat(np.arange(len(following)), following).tolist()  # of the nodes after the single tokens
        self.shorter: dict[int, int] = {}

    def step(self, state: int, token: int) -> tuple[int, float]:
        """The state after one more token, and the token's log probability."""
        weight, node = 0.0, state
        while True:
            child = self._child(node, token)
            if child >= 0:
                return (child if child < len(self.backoff) else self._longest_end(node, token)), weight + self.log_prob[child]
            weight += self.backoff[node]
            if node < self.vocabulary:
                return token, weight + self.log_prob[token]
            node = self._shorter(node)

    def _child(self, node: int, token: int) -> int:
        end = self.first_child[node + 1]
        at = bisect_left(self.token, token, self.first_child[node], end)
        return at if at < end and self.token[at] == token else -1

    def _shorter(self, node: int) -> int:
        """The node without its first token."""
        if node not in self.shorter:
            self.shorter[node] = self._longest_end(self.parent[node - self.vocabulary], self.token[node])
        return self.shorter[node]

    def _longest_end(self, node: int, token: int) -> int:
        while node >= self.vocabulary:
            node = self._shorter(node)
            found = self._child(node, token)
            if found >= 0:
                return found
        return token
