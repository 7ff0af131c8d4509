"""The file of an n-gram language model in a pack; src/asr/language-model/ngrams.ts describes it."""

import struct
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.language_model.kneser_ney import Order

MAGIC, VERSION = b"NGLM", 2
BACKOFFS = 256
SCORE_BITS = 8
ROUNDS, BINS = 20, 4096
HEADER = struct.Struct("<4s9I")
RANK_WORDS = 8  # of the bitmap, for each of which it is stored how many n-grams with something behind them came before
PACKED_AT_ONCE = 1 << 20  # records; a multiple of 8


@dataclass(frozen=True)
class Shape:
    """Numbers of the header."""

    order: int
    vocabulary: int
    ngrams: int  # of two tokens and more
    inner: int  # of these: of less than `order` tokens
    extended: int  # of these: with longer ones that begin with them
    token_bits: int
    score_bits: int
    shift: int = 0  # log2 of how many first children share one base

    def sections(self) -> list[tuple[np.dtype, int]]:
        """Type and length of each array after the header, in the file's order."""
        words, nodes = -(-self.inner // 32), self.vocabulary + self.extended + 1
        f4, u4, u2, u1 = (np.dtype(name) for name in ("<f4", "<u4", "<u2", "u1"))
        floats = [(f4, n) for n in (self.vocabulary, self.vocabulary, 1 << self.score_bits, BACKOFFS)]
        records = -(-self.ngrams * (self.token_bits + self.score_bits) // 32) + 1
        integers = [(u4, n) for n in ((nodes - 1 >> self.shift) + 1, words, -(-words // RANK_WORDS), records)]
        return [*floats, *integers, (u2, nodes), (u1, nodes - 1)]

    @property
    def bytes(self) -> int:
        return HEADER.size + sum(kind.itemsize * length for kind, length in self.sections())


def shape_of(orders: list[Order], score_bits: int = SCORE_BITS) -> Shape:
    """Of the n-grams kept; `shift` is that of a vocabulary all of which may follow every n-gram."""
    vocabulary = len(orders[0].token)
    many = [int(order.keep.sum()) for order in orders]
    extended = 0
    for here, longer in zip(orders[1:], orders[2:]):
        begun = np.zeros(len(here.token), bool)
        begun[longer.parent[longer.keep]] = True
        extended += int(begun.sum())
    bits = max(1, (vocabulary - 1).bit_length())
    shift = max(0, 16 - bits)
    return Shape(len(orders), vocabulary, sum(many[1:]), sum(many[1:-1]), extended, bits, score_bits, shift)


def write_ngrams(orders: list[Order], prior: np.ndarray, path: Path, score_bits: int = SCORE_BITS) -> None:
    """prior: log probability of each unit in what the acoustic model was trained to write. Scores of two tokens and more
    are one of 2^score_bits values, backoff weights one of 256."""
    shape = shape_of(orders, score_bits)
    children = np.concatenate(
        [np.bincount(longer.parent, minlength=len(here.token)) for here, longer in zip(orders, orders[1:])]
    )
    extended = children > 0
    nodes = extended.copy()
    nodes[: shape.vocabulary] = True  # single tokens are nodes in any case
    first = np.concatenate([[0], np.cumsum(children[nodes])])
    bases = first[:: 1 << shape.shift]
    offsets = first - np.repeat(bases, 1 << shape.shift)[: len(first)]
    bitmap = np.zeros(-(-shape.inner // 32) * 32, np.uint8)
    bitmap[: shape.inner] = extended[shape.vocabulary :]
    before = np.cumsum(bitmap) - bitmap
    scores, score_codes = quantise(np.concatenate([order.log_prob for order in orders[1:]]), 1 << score_bits)
    backoffs, backoff_codes = quantise(np.concatenate([order.backoff for order in orders[:-1]])[nodes], BACKOFFS)
    tokens = np.concatenate([order.token for order in orders[1:]]).astype(np.uint32)
    records = pack(tokens | score_codes.astype(np.uint32) << shape.token_bits, shape.token_bits + score_bits)
    arrays = [prior, orders[0].log_prob, scores, backoffs, bases, np.packbits(bitmap, bitorder="little").view("<u4")]
    arrays += [before[:: 32 * RANK_WORDS], records, offsets, backoff_codes]
    with path.open("wb") as file:
        file.write(HEADER.pack(MAGIC, VERSION, *vars(shape).values()))
        for array, (kind, length) in zip(arrays, shape.sections(), strict=True):
            if len(array) != length:
                raise AssertionError(f"{len(array)} values instead of {length}")
            file.write(array.astype(kind).tobytes())


def quantise(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 [size] and the place of each value's nearest there, uint16 [P]. By Lloyd's algorithm, from levels as dense as
    the cube root of the values' density, which is best for many levels (Panter & Dite 1951)."""
    levels = np.unique(values)
    if len(levels) > size:
        ordered = np.sort(values)
        sums = np.concatenate([[0], np.cumsum(ordered)])
        counts, bounds = np.histogram(ordered, BINS)
        share = np.cumsum(np.cbrt(counts))
        levels = np.interp((np.arange(size) + 0.5) / size * share[-1], share, bounds[1:])
        for _ in range(ROUNDS):
            edges = np.unique([0, *np.searchsorted(ordered, (levels[1:] + levels[:-1]) / 2), len(ordered)])
            levels = (sums[edges[1:]] - sums[edges[:-1]]) / np.diff(edges)
    codebook = np.zeros(size, "<f4")
    codebook[: len(levels)] = levels
    return codebook, np.searchsorted((levels[1:] + levels[:-1]) / 2, values).astype(np.uint16)


def pack(values: np.ndarray, bits: int) -> np.ndarray:
    """The lowest `bits` of each, one after the other from the lowest on: uint32, one more at the end to read past."""
    places = np.arange(bits, dtype=np.uint32)
    parts = []
    for at in range(0, len(values), PACKED_AT_ONCE):
        rows = (values[at : at + PACKED_AT_ONCE, None] >> places & 1).astype(np.uint8)
        parts.append(np.packbits(rows, bitorder="little"))
    packed = np.concatenate([*parts, np.zeros(0, np.uint8)])
    words = -(-len(values) * bits // 32) + 1
    return np.pad(packed, (0, 4 * words - len(packed))).view("<u4")


def unpack(words: np.ndarray, many: int, bits: int) -> np.ndarray:
    """uint32 [many]: what `pack` packed."""
    starts = np.arange(many, dtype=np.int64) * bits
    low = words[starts >> 5].astype(np.uint64) | words[(starts >> 5) + 1].astype(np.uint64) << np.uint64(32)
    return (low >> (starts & 31).astype(np.uint64) & np.uint64((1 << bits) - 1)).astype(np.uint32)


@dataclass
class Tree:
    """Every n-gram with its score, and how many longer ones begin with it: what both versions of the file hold."""

    vocabulary: int
    prior: np.ndarray  # float [V]
    token: np.ndarray  # [nodes] the last one
    log_prob: np.ndarray  # float32 [nodes]
    backoff: np.ndarray  # float32 [inner]
    children: np.ndarray  # [inner]


def read_ngrams(path: Path) -> Tree:
    data = path.read_bytes()
    magic, version = struct.unpack_from("<4sI", data.ljust(8, b"\0"))
    reader = {1: read_old, VERSION: read_new}.get(version)
    if magic != MAGIC or reader is None:
        raise ValueError(f"{path} is not version 1 or {VERSION} of a file of n-grams")
    return reader(data)


def read_new(data: bytes) -> Tree:
    shape = Shape(*HEADER.unpack_from(data)[2:])
    arrays, at = [], HEADER.size
    for kind, length in shape.sections():
        arrays.append(np.frombuffer(data, kind, length, at))
        at += kind.itemsize * length
    prior, single, scores, backoffs, bases, bitmap, _, words, offsets, codes = arrays
    records = unpack(words, shape.ngrams, shape.token_bits + shape.score_bits)
    nodes = np.unpackbits(bitmap.view(np.uint8), bitorder="little", count=shape.inner).astype(bool)
    nodes = np.concatenate([np.ones(shape.vocabulary, bool), nodes])
    first = np.repeat(bases, 1 << shape.shift)[: len(offsets)] + offsets
    backoff, children = np.zeros(len(nodes), np.float32), np.zeros(len(nodes), np.int64)
    backoff[nodes], children[nodes] = backoffs[codes], np.diff(first)
    token = np.concatenate([np.arange(shape.vocabulary), records & (1 << shape.token_bits) - 1])
    log_prob = np.concatenate([single, scores[records >> shape.token_bits]])
    return Tree(shape.vocabulary, prior, token, log_prob, backoff, children)


def read_old(data: bytes) -> Tree:
    """Version 1: a codebook of 256 values for each order's log-probs, then for its backoff weights."""
    order, vocabulary = struct.unpack_from("<2I", data, 8)
    counts = np.frombuffer(data, "<u4", order, 16).tolist()
    at = 16 + 4 * order
    prior = np.frombuffer(data, "<f4", vocabulary, at)
    books = np.frombuffer(data, "<f4", (2 * order - 1) * BACKOFFS, at + 4 * vocabulary).reshape(-1, BACKOFFS)
    at += 4 * vocabulary + books.nbytes
    token, log_prob, backoff, children = [], [], [], []
    for number, many in enumerate(counts):
        token.append(np.frombuffer(data, "<u2", many, at))
        log_prob.append(books[number][np.frombuffer(data, np.uint8, many, at + 2 * many)])
        at += 3 * many
        if number < order - 1:
            backoff.append(books[order + number][np.frombuffer(data, np.uint8, many, at)])
            children.append(np.frombuffer(data, "<u2", many, at + many))
            at += 3 * many
    return Tree(vocabulary, prior, *map(np.concatenate, (token, log_prob, backoff, children)))


class NgramModel:
    """As src/asr/language-model/language-model.ts asks it: a state is a node of the tree of n-grams."""

    def __init__(self, path: Path, boundary: int):
        tree = read_ngrams(path)
        self.start, self.vocabulary = boundary, tree.vocabulary
        self.prior = tree.prior.astype(np.float64).tolist()
        following = tree.children.astype(np.int64)
        first_child = tree.vocabulary + np.concatenate([[0], np.cumsum(following)])
        parent = np.repeat(np.arange(len(following)), following)  # of the nodes after the single tokens
        # Views that give Python's own numbers fast and take no more memory than the arrays.
        self.token, self.first_child, self.parent = (memoryview(a.astype(np.uint32)) for a in (tree.token, first_child, parent))
        self.log_prob, self.backoff = (memoryview(a.astype(np.float64)) for a in (tree.log_prob, tree.backoff))
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
