"""Augmentation of a whole batch on the device it is on: speed, room, telephone, noise, level, vocal tract, SpecAugment."""

import math
from fractions import Fraction

import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import AugmentConfig
from training.model.frontend import SAMPLE_RATE, mel_matrix
from training.model.masks import length_mask


class Augmenter:
    """waveform [B, N] in [-1, 1], lens [B]. `generator` decides everything and lives on the waveform's device."""

    def __init__(self, config: AugmentConfig, generator: torch.Generator):
        self.config, self.generator = config, generator

    def waveform(self, waveform: Tensor, lens: Tensor) -> tuple[Tensor, Tensor]:
        c = self.config
        waveform, lens = self._speed(waveform, lens)
        inside = length_mask(lens, waveform.shape[1])
        if c.reverb > 0 or c.telephone > 0:
            waveform = self._room_and_line(waveform)
        if c.mu_law > 0:
            waveform = torch.where(self._chosen(waveform, c.mu_law), mu_law(waveform), waveform)
        if c.noise > 0:
            waveform = waveform + self._noise(waveform, lens, inside)
        gain = self._between(waveform, *c.gain_db)
        waveform = (waveform * 10 ** (gain / 20)).clamp(-1, 1)
        return waveform.masked_fill(~inside, 0.0), lens

    def blended(self, waveform: Tensor, lens: Tensor) -> Tensor:
        """Some utterances with another one of the batch behind them, all through the first."""
        c, count = self.config, waveform.shape[0]
        if c.blend <= 0 or count < 2:
            return waveform
        inside = length_mask(lens, waveform.shape[1])
        shift = int(torch.randint(1, count, (), generator=self.generator, device=self.generator.device))
        other = waveform.roll(shift, 0) * inside
        ratio = power(waveform * inside, lens) / power(other, lens).clamp(min=1e-12)
        level = ratio.sqrt() * 10 ** (self._between(waveform, *c.blend_db) / 20)
        return (waveform + other * level * self._chosen(waveform, c.blend)).clamp(-1, 1)

    def turns(self, waveform: Tensor, lens: Tensor) -> tuple[Tensor, bool]:
        """In a share of the batches the utterances take turns with each other: new successions of words and voices, for which
        there is a teacher but no text. Whether they do."""
        c, generator = self.config, self.generator
        count, size = waveform.shape
        drawn = {"generator": generator, "device": generator.device}
        if c.turns <= 0 or count < 2 or torch.rand((), **drawn).item() >= c.turns:
            return waveform, False
        low, high = (seconds * SAMPLE_RATE for seconds in c.turn_seconds)
        ends = (low + (high - low) * torch.rand(math.ceil(size / low), **drawn)).cumsum(0)
        places = torch.arange(size, device=waveform.device)
        turn = torch.searchsorted(ends, places.to(ends.dtype), right=True)
        shifts = torch.randint(count, (len(ends) + 1,), **drawn)
        rows = (torch.arange(count, device=waveform.device)[:, None] + shifts[turn]) % count
        return waveform[rows, places] * length_mask(lens, size), True

    def filters(self, bins: int) -> Tensor | None:
        """Mel filters [257, bins] of another vocal tract; None: the standard ones."""
        low, high = self.config.vocal_tract
        if low == high == 1.0:
            return None
        random = torch.rand((), generator=self.generator, device=self.generator.device).item()
        return mel_matrix(bins, low + (high - low) * random).float().to(self.generator.device)

    def features(self, features: Tensor, lens: Tensor, mean: Tensor) -> Tensor:
        """SpecAugment: bands and stretches of time are set to the mean of the training data."""
        c = self.config
        batch, time, bins = features.shape
        hidden = torch.zeros(batch, time, bins, dtype=torch.bool, device=features.device)
        bin_number = torch.arange(bins, device=features.device)
        frame_number = torch.arange(time, device=features.device)
        for _ in range(c.freq_masks):
            start, end = self._span(features, c.freq_width, torch.full_like(lens, bins))
            hidden |= ((bin_number >= start) & (bin_number < end)).unsqueeze(1)
        masks = max(1, round(c.time_masks_per_10s * time / 1000)) if c.time_masks_per_10s > 0 else 0
        for n in range(masks):
            start, end = self._span(features, c.time_width, lens)
            # Short utterances of the batch get fewer masks, in proportion to their length.
            used = (n * time < lens * masks).unsqueeze(1)
            hidden |= (used & (frame_number >= start) & (frame_number < end)).unsqueeze(2)
        return torch.where(hidden, mean, features)

    def _span(self, like: Tensor, width: int, limit: Tensor) -> tuple[Tensor, Tensor]:
        size = (self._uniform(like) * (width + 1)).floor()
        start = (self._uniform(like) * (limit.unsqueeze(1) - size).clamp(min=1)).floor()
        return start, start + size

    def _speed(self, waveform: Tensor, lens: Tensor) -> tuple[Tensor, Tensor]:
        speeds = self.config.speeds
        pick = int(torch.rand((), generator=self.generator, device=self.generator.device) * len(speeds))
        ratio = Fraction(speeds[pick]).limit_denominator(20)
        if ratio == 1:
            return waveform, lens
        return resample(waveform, ratio), torch.div(lens * ratio.denominator, ratio.numerator, rounding_mode="floor")

    def _room_and_line(self, waveform: Tensor) -> Tensor:
        """An impulse response of decaying noise, and a telephone's band, both in one pass over the spectrum."""
        c = self.config
        reverb, telephone = self._chosen(waveform, c.reverb), self._chosen(waveform, c.telephone)
        touched = (reverb | telephone).squeeze(1).nonzero().squeeze(1)
        if len(touched) == 0:
            return waveform
        part = waveform[touched]
        room = int(0.4 * SAMPLE_RATE)
        size = fast_size(part.shape[1] + room)
        decay = self._between(part, 0.08, 0.5)  # seconds to −60 dB
        time = torch.arange(room, device=part.device) / SAMPLE_RATE
        tail = self._normal((len(touched), room), part) * torch.exp(-6.9 * time / decay)
        tail = tail / tail.norm(dim=1, keepdim=True) * 10 ** (self._between(part, -15.0, 0.0) / 20)
        tail = tail * reverb[touched]
        tail[:, 0] = 1.0
        response = torch.fft.rfft(tail, size)
        hertz = torch.linspace(0, SAMPLE_RATE / 2, response.shape[1], device=part.device)
        high = self._between(part, 3200.0, 3900.0)
        line = torch.sigmoid((hertz - 250.0) / 30.0) * torch.sigmoid((high - hertz) / 40.0)
        response = torch.where(telephone[touched], response * line, response)
        out = torch.fft.irfft(torch.fft.rfft(part, size) * response, size)[:, : part.shape[1]]
        return waveform.index_copy(0, touched, out)

    def _noise(self, waveform: Tensor, lens: Tensor, inside: Tensor) -> Tensor:
        """White to brown noise at a random distance below the speech."""
        energy = power(waveform * inside, lens)
        size = min(fast_size(waveform.shape[1]), 4 * SAMPLE_RATE)  # repeated: nobody hears the period
        spectrum = torch.fft.rfft(self._normal((waveform.shape[0], size), waveform))
        bins = torch.arange(1, spectrum.shape[1] + 1, device=waveform.device)
        slope = self._between(waveform, 0.0, 1.0)
        noise = torch.fft.irfft(spectrum * bins**-slope, size)
        noise = noise / noise.square().mean(1, keepdim=True).sqrt().clamp(min=1e-9)
        repeats = math.ceil(waveform.shape[1] / size)
        noise = noise.repeat(1, repeats)[:, : waveform.shape[1]]
        level = energy.sqrt() * 10 ** (-self._between(waveform, *self.config.snr_db) / 20)
        return noise * level * self._chosen(waveform, self.config.noise)

    def _chosen(self, like: Tensor, probability: float) -> Tensor:
        return self._uniform(like) < probability  # bool [B, 1]

    def _between(self, like: Tensor, low: float, high: float) -> Tensor:
        return low + (high - low) * self._uniform(like)

    def _uniform(self, like: Tensor) -> Tensor:
        return torch.rand(like.shape[0], 1, generator=self.generator, device=like.device)

    def _normal(self, shape: tuple[int, int], like: Tensor) -> Tensor:
        return torch.randn(shape, generator=self.generator, device=like.device)


def power(waveform: Tensor, lens: Tensor) -> Tensor:
    """Mean square of every row, [B, 1]; what lies beyond its length must be 0."""
    return waveform.square().sum(1, keepdim=True) / lens.unsqueeze(1).clamp(min=1)


def resample(waveform: Tensor, ratio: Fraction) -> Tensor:
    """[B, N] -> [B, N / ratio], band-limited: a windowed sinc, one phase per output sample of a period."""
    take, give = ratio.numerator, ratio.denominator
    cutoff = min(1.0, give / take) * 0.97
    reach = math.ceil(12 / cutoff)
    offset = torch.arange(-reach, reach + take, dtype=torch.float64)
    phase = torch.arange(give, dtype=torch.float64)[:, None] * take / give
    distance = offset - phase
    window = torch.cos(math.pi * (distance / (2 * reach)).clamp(-0.5, 0.5)).square()
    kernel = (torch.sinc(distance * cutoff) * window * cutoff).to(waveform)
    length = waveform.shape[1] * give // take
    padded = F.pad(waveform.unsqueeze(1), (reach, reach + take))
    out = F.conv1d(padded, kernel.unsqueeze(1), stride=take)  # [B, give, N / take]
    return out.transpose(1, 2).flatten(1)[:, :length]


def mu_law(waveform: Tensor) -> Tensor:
    """Through G.711's 8 bits and back (its continuous form)."""
    mu = 255.0
    code = torch.sign(waveform) * torch.log1p(mu * waveform.abs().clamp(max=1)) / math.log1p(mu)
    code = torch.round(code * 127.0) / 127.0
    return torch.sign(code) * torch.expm1(code.abs() * math.log1p(mu)) / mu


def fast_size(size: int) -> int:
    """The next length an FFT likes: 2, 3, 5 or 7 times a power of two, in steps of an eighth at most."""
    power = 1 << max(size - 1, 1).bit_length()
    return min(p for p in (power, power * 5 // 8, power * 3 // 4, power * 7 // 8) if p >= size)
