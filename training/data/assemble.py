"""One batch of rows as arrays: the utterances in place, noise of random level in the silences, and what is said."""

from dataclasses import dataclass

import numpy as np
import torch

from training.config import AugmentConfig
from training.data.batches import Row
from training.data.corpus import Corpus
from training.data.speed import read_at
from training.units.phones import Lexicon
from training.units.text import Units


@dataclass
class Labels:
    tokens: np.ndarray  # int64 [B, U], padded with 0
    token_lens: np.ndarray  # int64 [B]
    phones: np.ndarray  # int64 [B, P], padded with 0; [B, 0] without a lexicon
    phone_lens: np.ndarray  # int64 [B]


def waveforms(rows: list[Row], corpus: Corpus, augment: AugmentConfig, seed: list[int], size: int) -> np.ndarray:
    """int16 [B, size]."""
    random = np.random.default_rng(seed)
    waveform = np.zeros((len(rows), size), np.int16)
    for out, row in zip(waveform, rows):
        _fill(out, row, corpus, augment, random)
    return waveform


def labels(rows: list[Row], units: Units, lexicon: Lexicon | None = None, width: int = 0) -> Labels:
    """`width`: so many tokens at the least, for batches of a fixed shape."""
    tokens = _padded([units.encode(row.text) for row in rows], width)
    phones = _padded([lexicon.encode(row.text) if lexicon else [] for row in rows])
    return Labels(*tokens, *phones)


def _padded(sequences: list[list[int]], width: int = 0) -> tuple[np.ndarray, np.ndarray]:
    lens = np.array([len(ids) for ids in sequences])
    padded = np.zeros((len(sequences), max(width, lens.max())), np.int64)
    for out, ids in zip(padded, sequences):
        out[: len(ids)] = ids
    return padded, lens


def _fill(out: np.ndarray, row: Row, corpus: Corpus, augment: AugmentConfig, random: np.random.Generator) -> None:
    # One noise floor for the whole row: a room does not change between two utterances.
    level = 0.0
    if random.random() < augment.gap_noise:
        level = 32768 * 10 ** (random.uniform(*augment.gap_noise_db) / 20)
    at = 0
    for silence, piece in [(p.silence, p) for p in row.pieces] + [(row.tail, None)]:
        if level > 0 and silence > 0:
            out[at : at + silence] = np.rint(random.standard_normal(silence, np.float32) * level)
        at += silence
        if piece is not None:
            samples = torch.from_numpy(np.array(corpus.samples(piece.utterance)))
            if piece.speed != 1:
                samples = read_at(samples, torch.arange(piece.samples, dtype=torch.float64) * piece.speed).round()
            out[at : at + piece.samples] = samples
            at += piece.samples
