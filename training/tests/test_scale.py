import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from training.export.pack import Facts
from training.measure.calibrate import behaviour, calibrate, features_of
from training.measure.scale import SHAPES, Shape, make_pack, model_config
from training.model import AsrModel
from training.recognise.decoding import prefix_beam
from training.recognise.recognisers import PackRecogniser
from training.units.pieces import word_pieces
from training.units.text import SPACE

TINY = Shape(size=96, heads=4, layers=2, hidden=48, decoder_layers=1, experts=8, vocabulary=302)


def varied_noise(seconds: float, seed: int) -> np.ndarray:
    """Noise whose colour and level change every 150 ms, as they do in speech: float32 [N]."""
    random = np.random.default_rng(seed)
    parts = []
    for _ in range(int(seconds / 0.15)):
        spectrum = np.fft.rfft(random.standard_normal(2400)) * np.exp(random.standard_normal(1201).cumsum() * 0.1)
        part = np.fft.irfft(spectrum)
        parts.append(part / np.abs(part).max() * 10 ** random.uniform(-2, -0.3))
    return np.concatenate(parts).astype(np.float32)


class ScaleTest(unittest.TestCase):
    def test_shapes_have_the_paper_s_sizes(self):
        with torch.device("meta"):
            totals = {
                name: sum(p.numel() for p in AsrModel(model_config(s)).parameters()) for name, s in SHAPES.items()
            }
        self.assertEqual([round(totals[name] / 1e6) for name in SHAPES], [263, 1255, 1181])

    def test_a_pack_says_what_it_is_and_its_search_is_like_speech(self):
        speech = varied_noise(24, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            pack = Path(folder)
            report = make_pack(TINY, 3, speech, Facts("tiny", "0.0.0"), pack, bits=32)
            manifest = json.loads((pack / "model.json").read_text())
            recogniser = PackRecogniser(pack, threads=1)
            encoded = recogniser.encode(speech[: 8 * 16_000])
        self.assertEqual(manifest["seed"], 3)
        self.assertEqual(manifest["parameters"]["total"], report["parameters"]["total"])
        self.assertLess(report["parameters"]["active"], report["parameters"]["total"])
        self.assertEqual(manifest["calibration"], report["calibration"])
        self.assertAlmostEqual(report["calibration"]["blank_frames"], 0.8, delta=0.02)
        self.assertGreater(report["calibration"]["effective_experts"][0], 6)
        self.assertTrue(np.isfinite(encoded.log_probs).all())
        nbest = prefix_beam(encoded.log_probs, encoded.tokens)
        self.assertEqual(len({h.tokens for h in nbest}), 10)
        self.assertGreater(len(nbest[0].tokens), 16)  # in 8 seconds
        self.assertLess(len(nbest[0].tokens), 44)

    def test_the_seed_decides(self):
        speech = varied_noise(8, seed=1)
        made = []
        for seed in (1, 1, 2):
            torch.manual_seed(seed)
            model = AsrModel(model_config(TINY)).eval()
            calibrate(model, speech)
            made.append(model.ctc.ctc_lo.weight.detach())
        self.assertTrue(torch.equal(made[0], made[1]))
        self.assertFalse(torch.equal(made[0], made[2]))

    def test_calibration_carries_over_to_other_audio(self):
        torch.manual_seed(1)
        model = AsrModel(model_config(TINY)).eval()
        calibrate(model, varied_noise(24, seed=1))
        found = behaviour(model, varied_noise(16, seed=2))
        self.assertTrue(0.6 < found["blank_frames"] < 0.95, found)
        self.assertGreater(found["effective_experts"][0], 5)

    def test_audio_shorter_than_a_piece_or_a_kernel(self):
        model = AsrModel(model_config(TINY)).eval()
        for samples in (0, 100, 20_000):
            features, lens = features_of(np.zeros(samples, np.float32), model)
            self.assertEqual(features.shape[:2], (1, lens[0]))
            self.assertGreaterEqual(lens[0], 7)


class PiecesTest(unittest.TestCase):
    def test_all_differ_and_most_begin_a_word(self):
        units = word_pieces(5002, seed=1)
        self.assertEqual((len(units), len(set(units.pieces))), (5002, 5002))
        self.assertEqual(units.pieces[:2] + units.pieces[-1:], ("<blank>", "<unk>", "<sos/eos>"))
        starts = sum(p.startswith(SPACE) for p in units.pieces) / 5002
        self.assertAlmostEqual(starts, 0.6, delta=0.01)
        self.assertFalse(any(set(p) & set(" \t\n") or p == "" for p in units.pieces))

    def test_the_seed_decides(self):
        self.assertEqual(word_pieces(40, 1), word_pieces(40, 1))
        self.assertNotEqual(word_pieces(40, 1), word_pieces(40, 2))

    def test_more_than_can_be_made_up(self):
        with self.assertRaises(ValueError):
            word_pieces(50_000, seed=1)


if __name__ == "__main__":
    unittest.main()
