import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import yaml

from training.importing.wenet.options import read_options
from training.tests.wenet_folder import CTC_WEIGHT, PIECES, PLACES, REVERSE_WEIGHT, write_folders

FIXTURE = Path(__file__).parents[2] / "test" / "fixtures" / "wenet-folder"


class WenetFolderTest(unittest.TestCase):
    """The fixture of the engine's tests, made anew."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.model = write_folders(cls.folder)

    def session(self, name: str) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(str(self.folder / name), providers=["CPUExecutionProvider"])

    def test_has_the_files_that_are_committed(self):
        files = {path.relative_to(self.folder) for path in self.folder.rglob("*.*")}
        self.assertEqual(files, {path.relative_to(FIXTURE) for path in FIXTURE.rglob("*.*")})

    def test_has_the_tensors_of_wenets_export(self):
        encoder = self.session("export/encoder.onnx")
        speech = encoder.get_inputs()[0]
        self.assertEqual((speech.name, speech.shape[1:]), ("speech", ["T", 80]))
        shapes = {o.name: o.shape[2:] for o in encoder.get_outputs()}
        self.assertEqual(shapes["ctc_log_probs"], [len(PIECES)])
        self.assertEqual((shapes["beam_log_probs"], shapes["beam_log_probs_idx"]), ([PLACES], [PLACES]))
        names = ["encoder_out", "encoder_out_lens", "hyps_pad_sos_eos", "hyps_lens_sos", "r_hyps_pad_sos_eos"]
        decoder = self.session("export/decoder.onnx")
        self.assertEqual([i.name for i in decoder.get_inputs()], [*names, "ctc_score"])
        left = self.session("other/decoder-left.onnx")
        self.assertEqual([i.name for i in left.get_inputs()], [*names[:4], "ctc_score"])
        for graph in (decoder, left):
            self.assertEqual([o.name for o in graph.get_outputs()], ["best_index"])
            self.assertEqual({i.name: i.shape for i in graph.get_inputs()}["ctc_score"], ["B", PLACES])

    def test_its_decoder_chooses_as_rescoring_does(self):
        model, random = self.model, np.random.default_rng(0)
        sos = eos = len(PIECES) - 1
        batch, longest, frames = 40, 12, 25
        lens = random.integers(1, longest + 1, (batch, PLACES))  # with sos
        rows = np.full((2, batch, PLACES, longest + 1), eos)
        rows[..., 0] = sos
        for b, k in np.ndindex(batch, PLACES):
            tokens = random.integers(1, eos, lens[b, k] - 1)
            rows[0, b, k, 1 : lens[b, k]], rows[1, b, k, 1 : lens[b, k]] = tokens, tokens[::-1]
        encoder_out = random.standard_normal((batch, frames, model.c.encoder.size)).astype(np.float32)
        encoder_lens = random.integers(5, frames + 1, batch).astype(np.int32)
        ctc = (10 * random.standard_normal((batch, PLACES))).astype(np.float32)
        feeds = {
            "encoder_out": encoder_out,
            "encoder_out_lens": encoder_lens,
            "hyps_pad_sos_eos": rows[0],
            "hyps_lens_sos": lens.astype(np.int32),
            "ctc_score": ctc,
        }
        inputs = (encoder_out, encoder_lens, rows[0, ..., :-1], lens)
        with torch.no_grad():
            left, right = (t.sum(-1).numpy() for t in model.score(*map(torch.as_tensor, inputs)))
        for name, weight in (("export/decoder.onnx", REVERSE_WEIGHT), ("other/decoder-left.onnx", 0.0)):
            reverse = {"r_hyps_pad_sos_eos": rows[1]} if weight > 0 else {}
            (best,) = self.session(name).run(None, feeds | reverse)
            expected = (1 - weight) * left + weight * right + CTC_WEIGHT * ctc
            np.testing.assert_array_equal(best, expected.argmax(-1))

    def test_its_train_yaml_is_one_that_the_importer_reads(self):
        config = read_options(yaml.safe_load((self.folder / "export" / "train.yaml").read_text()))
        self.assertEqual((config.vocabulary, config.encoder.size), (len(PIECES), self.model.c.encoder.size))


if __name__ == "__main__":
    unittest.main()
