import math
import unittest

import numpy as np
import torch

from training.model.frontend import Fbank, frames, mel_matrix, samples_for, warped
from training.tests.support import random_waveforms


def fbank_by_the_formulas(samples: np.ndarray) -> np.ndarray:
    """Kaldi's fbank without dither, frame by frame in float64."""
    mel = lambda f: 1127.0 * math.log(1.0 + f / 700.0)  # noqa: E731
    low, step = mel(20.0), (mel(8000.0) - mel(20.0)) / 81
    window = np.array([(0.5 - 0.5 * math.cos(2 * math.pi * i / 399)) ** 0.85 for i in range(400)])
    out = []
    for start in range(0, len(samples) - 399, 160):
        x = samples[start : start + 400].astype(np.float64) * 32768
        x = x - x.mean()
        for i in range(399, 0, -1):
            x[i] -= 0.97 * x[i - 1]
        x[0] -= 0.97 * x[0]
        power = np.abs(np.fft.rfft(x * window, 512)) ** 2
        row = []
        for m in range(80):
            left, centre, right = (low + (m + k) * step for k in range(3))
            energy = 0.0
            for i in range(256):
                at = mel(i * 16000 / 512)
                if left < at < right:
                    energy += power[i] * ((at - left) / step if at <= centre else (right - at) / step)
            row.append(math.log(max(energy, 1.1920928955078125e-7)))
        out.append(row)
    return np.array(out)


class FbankTest(unittest.TestCase):
    def test_equals_the_formulas_in_float64(self):
        random = np.random.default_rng(1)
        samples = (random.standard_normal(4000) * 0.1 + np.sin(np.arange(4000) * 0.3) * 0.4).astype(np.float32)
        found = Fbank()(torch.from_numpy(samples)[None], torch.tensor([4000]))[0][0].numpy()
        self.assertLess(np.abs(found - fbank_by_the_formulas(samples)).max(), 1e-3)

    def test_digital_silence_is_the_floor_in_every_bin(self):
        features, _ = Fbank()(torch.zeros(1, 1600), torch.tensor([1600]))
        self.assertTrue(torch.allclose(features, torch.full_like(features, -15.9424), atol=1e-3))

    def test_another_vocal_tract_moves_the_formants_and_keeps_the_band(self):
        time = torch.arange(16000) / 16000
        tones = torch.stack([torch.sin(2 * math.pi * f * time) * 0.3 for f in (1000.0, 1100.0)])
        lens = torch.tensor([16000, 16000])
        plain, _ = Fbank()(tones, lens)
        moved, _ = Fbank()(tones, lens, mel_matrix(80, 1.1).float())
        self.assertEqual(moved[0].mean(0).argmax(), plain[1].mean(0).argmax())
        self.assertNotEqual(moved[0].mean(0).argmax(), plain[0].mean(0).argmax())
        self.assertTrue(torch.equal(mel_matrix(80, 1.0), mel_matrix(80)))
        for factor in (0.9, 1.1):
            found = [warped(hertz, factor) for hertz in range(0, 8001, 10)]
            self.assertEqual((found[0], found[100], found[-1]), (0.0, 1000.0 * factor, 8000.0))
            self.assertTrue(all(a < b for a, b in zip(found, found[1:])))

    def test_counts_frames_without_padding_the_edges(self):
        lens = [0, 399, 400, 559, 560, 16000]
        _, found = Fbank()(torch.zeros(6, 16000), torch.tensor(lens))
        self.assertEqual(found.tolist(), [0, 0, 1, 1, 2, 98])
        self.assertEqual([frames(n) for n in lens], found.tolist())
        self.assertEqual([frames(samples_for(n)) for n in (1, 7, 98)], [1, 7, 98])
        self.assertEqual(frames(samples_for(7) - 1), 6)

    def test_padding_and_neighbours_change_nothing(self):
        waveform, lens = random_waveforms([5000, 16000, 1360])
        together, counts = Fbank()(waveform, lens)
        for row, n in enumerate(lens.tolist()):
            alone, count = Fbank()(waveform[row : row + 1, :n], lens[row : row + 1])
            self.assertEqual(count.item(), counts[row].item())
            self.assertLess((alone[0] - together[row, : count.item()]).abs().max().item(), 1e-4)


if __name__ == "__main__":
    unittest.main()
