import unittest
from fractions import Fraction

import numpy as np
import torch

from training.config import AugmentConfig
from training.data.augment import Augmenter, fast_size, mu_law, power, resample
from training.data.codecs import through_codec


class AugmentTest(unittest.TestCase):
    def test_a_slower_tone_is_longer_and_lower(self):
        tone = torch.sin(torch.arange(16000) * 2 * torch.pi * 1000 / 16000)[None]
        slow = resample(tone, Fraction(9, 10))
        self.assertEqual(slow.shape[1], 17777)
        spectrum = torch.fft.rfft(slow[0, 800:16800]).abs()
        self.assertEqual(spectrum.argmax().item(), 900)
        self.assertAlmostEqual(slow[0, 2000:15000].abs().max().item(), 1.0, places=2)

    def test_resampling_removes_what_the_lower_rate_cannot_hold(self):
        tone = torch.sin(torch.arange(22050) * 2 * torch.pi * 9500 / 22050)[None]
        self.assertLess(resample(tone, Fraction(22050, 16000))[0, 1000:-1000].abs().max().item(), 0.02)

    def test_the_same_generator_gives_the_same_batch(self):
        waveform, lens = torch.randn(4, 16000) * 0.1, torch.tensor([16000, 12000, 9000, 5000])
        config = AugmentConfig(noise=0.9, reverb=0.9, telephone=0.5, mu_law=0.5)
        out = []
        for _ in range(2):
            generator = torch.Generator().manual_seed(5)
            out.append(Augmenter(config, generator).waveform(waveform, lens))
        self.assertTrue(torch.equal(out[0][0], out[1][0]))
        augmented, new_lens = out[0]
        self.assertLessEqual(augmented.abs().max().item(), 1.0)
        for row, n in zip(augmented, new_lens.tolist()):
            self.assertEqual(row[n:].abs().sum().item(), 0)

    def test_noise_stands_the_asked_distance_below_the_speech(self):
        waveform, lens = torch.randn(3, 32000) * 0.1, torch.full((3,), 32000)
        plain = {"speeds": [1.0], "reverb": 0.0, "telephone": 0.0, "mu_law": 0.0, "gain_db": (0.0, 0.0)}
        config = AugmentConfig(noise=1.0, snr_db=(20.0, 20.0), **plain)
        out, _ = Augmenter(config, torch.Generator().manual_seed(1)).waveform(waveform, lens)
        ratio = 10 * torch.log10(waveform.square().mean(1) / (out - waveform).square().mean(1))
        self.assertLess((ratio - 20).abs().max().item(), 0.5)

    def test_another_voice_stands_the_asked_distance_below_the_first_and_ends_with_it(self):
        lens = torch.tensor([16000, 12000, 9000])
        inside = torch.arange(16000) < lens[:, None]
        waveform = torch.randn(3, 16000) * torch.tensor([[0.1], [0.02], [0.2]]) * inside
        out = Augmenter(AugmentConfig(blend=1.0, blend_db=(-10.0, -10.0)), torch.Generator().manual_seed(2)).blended(waveform, lens)
        ratio = 10 * torch.log10(power(out - waveform, lens) / power(waveform, lens))
        self.assertLess((ratio + 10).abs().max().item(), 0.01)
        self.assertEqual(out[~inside].abs().sum().item(), 0)

    def test_no_voice_is_put_behind_a_lone_utterance_or_unasked(self):
        waveform, lens = torch.randn(2, 800), torch.tensor([800, 800])
        for config, rows in ((AugmentConfig(blend=1.0), 1), (AugmentConfig(), 2)):
            out = Augmenter(config, torch.Generator().manual_seed(2)).blended(waveform[:rows], lens[:rows])
            self.assertTrue(torch.equal(out, waveform[:rows]))

    def test_utterances_take_turns_at_the_same_places(self):
        waveform, lens = torch.arange(1.0, 5.0)[:, None].repeat(1, 16000), torch.tensor([16000, 16000, 16000, 9000])
        config = AugmentConfig(turns=1.0, turn_seconds=(0.1, 0.2))
        out, turned = Augmenter(config, torch.Generator().manual_seed(2)).turns(waveform, lens)
        self.assertTrue(turned)
        speakers, lengths = torch.unique_consecutive(out[0], return_counts=True)
        self.assertGreaterEqual(len(speakers), 4)
        self.assertGreaterEqual(lengths[:-1].min().item(), 1600)
        # Everybody is somewhere at any time, and a row ends where its own utterance does.
        self.assertEqual(out[:, :9000].sort(0).values.unique(dim=1).flatten().tolist(), [1, 2, 3, 4])
        self.assertEqual(out[3, 9000:].abs().sum().item(), 0)

    def test_nobody_takes_turns_unasked_or_alone(self):
        waveform, lens = torch.randn(2, 800), torch.tensor([800, 800])
        for config, rows in ((AugmentConfig(turns=1.0), 1), (AugmentConfig(), 2)):
            out, turned = Augmenter(config, torch.Generator().manual_seed(2)).turns(waveform[:rows], lens[:rows])
            self.assertTrue(torch.equal(out, waveform[:rows]) and not turned)

    def test_spec_augment_hides_bands_and_stretches_with_the_mean(self):
        features, mean = torch.randn(2, 300, 80), torch.full((80,), 9.0)
        augmenter = Augmenter(AugmentConfig(), torch.Generator().manual_seed(3))
        out = augmenter.features(features, torch.tensor([300, 120]), mean)
        hidden = out == 9.0
        self.assertTrue(torch.equal(out[~hidden], features[~hidden]))
        self.assertTrue(0.01 < hidden.float().mean().item() < 0.6)

    def test_mu_law_keeps_the_signal_within_its_steps(self):
        x = torch.linspace(-1, 1, 1001)[None]
        self.assertLess((mu_law(x) - x).abs().max().item(), 0.03)

    def test_fft_sizes(self):
        self.assertEqual([fast_size(n) for n in (8, 9, 11, 13, 15)], [8, 10, 12, 14, 16])


class CodecTest(unittest.TestCase):
    def test_a_codec_keeps_the_recording_in_its_place(self):
        time = np.arange(32000) / 16000
        chirp = (8000 * np.sin(2 * np.pi * (200 + 400 * time) * time)).astype(np.int16)
        for codec in ("mp3", "opus"):
            first, second = through_codec(codec, [chirp[:20000], chirp[20000:]])
            self.assertEqual((len(first), len(second)), (20000, 12000))
            together = np.concatenate([first, second]).astype(float)
            self.assertGreater(np.corrcoef(together[1000:-1000], chirp[1000:-1000])[0, 1], 0.95)


if __name__ == "__main__":
    unittest.main()
