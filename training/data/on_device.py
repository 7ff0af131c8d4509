"""The prepared recordings in the device's memory, and batches cut out of them there.

No loop over utterances: a batch is a few tensors of numbers from the host, and two index operations. 100 hours are 11.5 GB.
"""

import numpy as np
import torch
from torch import Tensor

from training.config import AugmentConfig
from training.data.batches import Row
from training.data.corpus import Corpus


class DeviceAudio:
    def __init__(self, corpus: Corpus, device: torch.device):
        self.samples = torch.from_numpy(np.array(corpus.audio)).to(device)
        self.device = device

    def cut(self, rows: list[Row], size: int, augment: AugmentConfig, generator: torch.Generator) -> Tensor:
        """float [B, size] in [-1, 1]: the utterances in place, a noise floor of random level in a share of the rows' silences."""
        places, sources, lens = places_of(rows, size)
        total = int(lens.sum())
        places, sources, lens = (torch.from_numpy(x).to(self.device, non_blocking=True) for x in (places, sources, lens))
        piece = torch.repeat_interleave(torch.arange(len(lens), device=self.device), lens, output_size=total)
        within = torch.arange(total, device=self.device) - (torch.cumsum(lens, 0) - lens)[piece]
        out = self._floor(rows, size, augment, generator)
        out.view(-1)[places[piece] + within] = self.samples[sources[piece] + within].float() / 32768
        return out

    def _floor(self, rows: list[Row], size: int, augment: AugmentConfig, generator: torch.Generator) -> Tensor:
        shape = {"generator": generator, "device": self.device}
        chosen = torch.rand(len(rows), 1, **shape) < augment.gap_noise
        low, high = augment.gap_noise_db
        level = 10 ** ((low + (high - low) * torch.rand(len(rows), 1, **shape)) / 20) * chosen
        ends = torch.tensor([row.samples for row in rows], device=self.device).unsqueeze(1)
        noise = torch.randn(len(rows), size, **shape) * level
        return torch.where(torch.arange(size, device=self.device) < ends, noise, 0.0)


def places_of(rows: list[Row], size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every piece of every row: where it begins in the flattened batch, where in the recordings, and its samples."""
    places, sources, lens = [], [], []
    for number, row in enumerate(rows):
        at = number * size
        for piece in row.pieces:
            at += piece.silence
            places.append(at)
            sources.append(piece.utterance.offset)
            lens.append(piece.utterance.samples)
            at += piece.utterance.samples
    return np.array(places), np.array(sources), np.array(lens)
