"""The prepared recordings in the device's memory, and batches cut out of them there.

No loop over utterances: a batch is a few tensors of numbers from the host, and two index operations. 100 hours are 11.5 GB.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.config import AugmentConfig
from training.data.batches import Row
from training.data.corpus import Corpus
from training.data.speed import read_at


class DeviceAudio:
    def __init__(self, corpus: Corpus, device: torch.device):
        self.samples = torch.from_numpy(np.array(corpus.audio)).to(device)
        self.device = device

    def cut(self, rows: list[Row], size: int, augment: AugmentConfig, generator: torch.Generator) -> Tensor:
        """float [B, size] in [-1, 1]: the utterances in place, a noise floor of random level in a share of the rows' silences."""
        places = Places.of(rows, size)
        total = int(places.lens.sum())
        p = places.to(self.device)
        piece = torch.repeat_interleave(torch.arange(len(p.lens), device=self.device), p.lens, output_size=total)
        within = torch.arange(total, device=self.device) - (torch.cumsum(p.lens, 0) - p.lens)[piece]
        out = self._floor(rows, size, augment, generator)
        if (places.speeds == 1).all():
            found = self.samples[p.sources[piece] + within].float()
        else:
            first, last = p.sources[piece], (p.sources + p.sizes - 1)[piece]
            found = read_at(self.samples, first + within * p.speeds[piece], first, last)
        out.view(-1)[p.places[piece] + within] = found / 32768
        return out

    def _floor(self, rows: list[Row], size: int, augment: AugmentConfig, generator: torch.Generator) -> Tensor:
        shape = {"generator": generator, "device": self.device}
        chosen = torch.rand(len(rows), 1, **shape) < augment.gap_noise
        low, high = augment.gap_noise_db
        level = 10 ** ((low + (high - low) * torch.rand(len(rows), 1, **shape)) / 20) * chosen
        ends = torch.tensor([row.samples for row in rows], device=self.device).unsqueeze(1)
        noise = torch.randn(len(rows), size, **shape) * level
        return torch.where(torch.arange(size, device=self.device) < ends, noise, 0.0)


@dataclass
class Places:
    """Of every piece of every row: where it begins in the flattened batch, how many samples it has there, where the recording
    begins and how many samples that has, and the speed it is read at. All [P]."""

    places: Tensor
    lens: Tensor
    sources: Tensor
    sizes: Tensor
    speeds: Tensor  # float64: places in 100 hours need 33 bits

    @staticmethod
    def of(rows: list[Row], size: int) -> "Places":
        found = []
        for number, row in enumerate(rows):
            at = number * size
            for piece in row.pieces:
                at += piece.silence
                found.append((at, piece.samples, piece.utterance.offset, piece.utterance.samples, piece.speed))
                at += piece.samples
        *places, speeds = zip(*found)
        return Places(*map(torch.tensor, places), torch.tensor(speeds, dtype=torch.float64))

    def to(self, device: torch.device) -> "Places":
        return Places(*(x.to(device, non_blocking=True) for x in vars(self).values()))
