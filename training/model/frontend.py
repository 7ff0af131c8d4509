"""Kaldi-compatible log-mel filterbank as one strided convolution.

Removing the mean, pre-emphasis, the povey window and the DFT are all linear in the 400 samples of a frame, so they fold
into one [514, 1, 400] kernel; framing with snip_edges is that kernel's stride of 160 without padding. Reproduces
Kaldi's `compute-fbank-feats --dither=0` (max |Δ| 1e-3 against the formulas in float64).
"""

import math

import torch
from torch import Tensor, nn

SAMPLE_RATE = 16_000
FRAME = 400
SHIFT = 160
FFT = 512
PREEMPHASIS = 0.97
FLOOR = 1.1920928955078125e-07  # float32 epsilon, as Kaldi
LOW_HZ = 20.0
FORMANTS_HZ = 4800.0  # formants that tell vowels apart lie below


def frames(samples: int) -> int:
    """Feature frames of so many samples."""
    return 0 if samples < FRAME else 1 + (samples - FRAME) // SHIFT


def samples_for(frame_count: int) -> int:
    """Fewest samples that give so many feature frames."""
    return FRAME + (frame_count - 1) * SHIFT


class Fbank(nn.Module):
    """waveform [B, N] in [-1, 1], waveform_lens [B] -> features [B, T, bins], feature_lens [B] int32.

    `normalise`: every bin of an utterance gets mean 0 and deviation 1, and padding is 0. Level and the colour of a
    microphone are then gone.
    """

    def __init__(self, bins: int = 80, normalise: bool = False):
        super().__init__()
        self.normalise = normalise
        self.register_buffer("kernel", frame_kernel().float().unsqueeze(1), persistent=False)  # [2·257, 1, 400]
        self.register_buffer("mel", mel_matrix(bins).float(), persistent=False)  # [257, bins]

    def forward(self, waveform: Tensor, waveform_lens: Tensor, mel: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`mel` instead of the standard filters: those of another vocal tract, in training."""
        spectrum = nn.functional.conv1d((waveform * 32768.0).unsqueeze(1), self.kernel, stride=SHIFT)  # [B, 514, T]
        real, imaginary = spectrum.chunk(2, dim=1)
        power = (real * real + imaginary * imaginary).transpose(1, 2)  # [B, T, 257]
        features = torch.log(torch.clamp(power @ (self.mel if mel is None else mel), min=FLOOR))
        lens = torch.clamp(torch.div(waveform_lens - FRAME, SHIFT, rounding_mode="floor") + 1, min=0)
        return normalised(features, lens) if self.normalise else features, lens.to(torch.int32)


def normalised(features: Tensor, lens: Tensor) -> Tensor:
    """Each bin minus its mean, over its standard deviation (of the sample) + 1e-5, over the utterance's own frames."""
    inside = (torch.arange(features.shape[1], device=features.device) < lens.unsqueeze(1)).unsqueeze(2).to(features)
    count = lens.to(features).clamp(min=2)[:, None, None]
    centred = (features - (features * inside).sum(1, keepdim=True) / count) * inside
    return centred / (torch.sqrt(centred.square().sum(1, keepdim=True) / (count - 1)) + 1e-5)


def frontend_of(encoder) -> Fbank:
    """The one that a model of this EncoderConfig is trained with and served with."""
    return Fbank(encoder.bins, encoder.normalise == "utterance")


def frame_kernel() -> Tensor:
    """Real and imaginary parts of every bin of the windowed DFT, float64 [514, 400]."""
    remove_mean = torch.eye(FRAME, dtype=torch.float64) - 1.0 / FRAME
    emphasise = torch.eye(FRAME, dtype=torch.float64)
    emphasise[range(1, FRAME), range(FRAME - 1)] = -PREEMPHASIS
    emphasise[0, 0] -= PREEMPHASIS
    n = torch.arange(FRAME, dtype=torch.float64)
    window = (0.5 - 0.5 * torch.cos(2 * math.pi * n / (FRAME - 1))) ** 0.85
    angle = 2 * math.pi * torch.arange(FFT // 2 + 1, dtype=torch.float64)[:, None] * n / FFT
    dft = torch.cat([torch.cos(angle), -torch.sin(angle)])
    return dft @ torch.diag(window) @ emphasise @ remove_mean


def mel_matrix(bins: int, warp: float = 1.0) -> Tensor:
    """Triangles in mel space without area normalisation, float64 [257, bins]. Kaldi leaves the Nyquist bin out.

    `warp` multiplies the frequencies of the spectrum, as a shorter (> 1) or longer vocal tract does.
    """
    low, high = mel(LOW_HZ), mel(SAMPLE_RATE / 2)
    step = (high - low) / (bins + 1)
    frequency = torch.tensor([mel(warped(i * SAMPLE_RATE / FFT, warp)) for i in range(FFT // 2)], dtype=torch.float64)[:, None]
    left = low + step * torch.arange(bins, dtype=torch.float64)
    triangle = torch.minimum((frequency - left) / step, (left + 2 * step - frequency) / step).clamp(min=0)
    return torch.cat([triangle, torch.zeros(1, bins, dtype=torch.float64)])


def warped(hertz: float, factor: float) -> float:
    """Times `factor` where formants are, then linearly to half the sample rate, which stays (Jaitly and Hinton, 2013)."""
    top = SAMPLE_RATE / 2
    limit = FORMANTS_HZ * min(factor, 1.0)
    if hertz <= limit / factor:
        return hertz * factor
    return top - (top - limit) / (top - limit / factor) * (top - hertz)


def mel(hertz: float) -> float:
    return 1127.0 * math.log(1.0 + hertz / 700.0)
