import tempfile
import unittest
from pathlib import Path

import numpy as np
import soundfile
import torch

from training.config import Config, to_tree
from training.export.pack import Facts, export
from training.measure.evaluate import evaluate
from training.measure.peer_model import load_peer
from training.measure.peer_torch import TorchTranscriber
from training.recognise.decoding import Weights
from training.recognise.recognisers import TorchRecogniser
from training.tests.support import UNITS, random_waveforms, tiny_model, tiny_model_config

SECONDS = (0.05, 0.7, 1.3, 1.31, 2.0)


class PeerTorchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.config = tiny_model_config(experts=0)
        cls.checkpoint = cls.folder / "model.pt"
        model = tiny_model(cls.config)
        # 16-bit from the start, so that rounding in a pack changes nothing.
        model.load_state_dict({key: value.half().float() for key, value in model.state_dict().items()})
        torch.save({"model": model.state_dict(), "config": to_tree(Config(model=cls.config))}, cls.checkpoint)
        export(model, UNITS, Facts("tiny", "0.1.0"), cls.folder / "pack")
        rows = ["path\ttranscript\n"]
        for at, waveform in enumerate(random_waveforms([int(16000 * s) for s in SECONDS])[0].numpy()):
            name = f"{at}.wav"
            samples = (waveform[: int(16000 * SECONDS[at])] * 32768).astype(np.int16)
            soundfile.write(cls.folder / name, samples, 16000, subtype="PCM_16")
            rows.append(f"{name}\tYES\n")
        cls.manifest = cls.folder / "manifest.tsv"
        cls.manifest.write_text("".join(rows))
        cls.parts = [{"path": str(cls.folder / f"{at}.wav")} for at in range(len(SECONDS))]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_finds_what_evaluate_does_one_by_one_and_in_batches(self):
        recogniser = TorchRecogniser(self.checkpoint, torch.device("cpu"))
        report = evaluate(recogniser, UNITS, self.manifest, Weights())
        expected = [found for _, _, found in report.hypotheses]
        self.assertGreater(len(set(expected)), 1)
        for source in (self.checkpoint, self.folder / "pack"):
            for batch_seconds in (0.0, 3.0, 48.0):
                found = TorchTranscriber(load_peer(source), batch_seconds).run(self.parts)
                self.assertEqual(found["texts"], expected, f"{source.name}, {batch_seconds} s")

    def test_a_pack_names_the_form_that_its_encoder_has(self):
        form = {"shift": True, "pad_bins": True, "normalise": "utterance", "conv_norm": "none"}
        model = tiny_model(tiny_model_config(**form))
        export(model, UNITS, Facts("tiny", "0.1.0"), self.folder / "student", bits=8)
        encoder = load_peer(self.folder / "student").model.c.encoder
        self.assertEqual({name: getattr(encoder, name) for name in form}, form)

    def test_packs_neighbours_in_length_up_to_a_batch(self):
        transcriber = TorchTranscriber(load_peer(self.checkpoint), 3.0)
        self.assertEqual(transcriber.batches([40_000, 9_000, 17_000, 8_000]), [[3, 1], [2], [0]])
        self.assertEqual(transcriber.batches([60_000]), [[0]])

    def test_takes_parts_of_a_file(self):
        transcriber = TorchTranscriber(load_peer(self.checkpoint), 48.0)
        path = self.parts[4]["path"]
        samples, _ = soundfile.read(path, dtype="int16")
        soundfile.write(self.folder / "cut.wav", samples[4000:28000], 16000, subtype="PCM_16")
        cut = transcriber.run([{"path": str(self.folder / "cut.wav")}])
        part = transcriber.run([{"path": path, "start": 0.25, "end": 1.75}])
        self.assertEqual((part["texts"], part["greedy"]), (cut["texts"], cut["greedy"]))


if __name__ == "__main__":
    unittest.main()
