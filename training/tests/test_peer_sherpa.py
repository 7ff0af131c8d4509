import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch

from training.export.pack import Facts, export
from training.measure.peer_model import load_peer
from training.measure.peer_sherpa import write_twin
from training.recognise.recognisers import open_session
from training.tests.support import UNITS, tiny_model, tiny_model_config


class TwinTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = Path(cls.temporary.name)
        facts = Facts("tiny", "0.1.0", more={"description": "a test", "error_rates": []})
        export(tiny_model(tiny_model_config(experts=0)), UNITS, facts, folder / "pack")
        cls.peer, cls.twin = load_peer(folder / "pack"), folder / "twin"
        write_twin(cls.peer.model, cls.peer.units, cls.twin)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_computes_what_the_pack_s_model_does(self):
        session = open_session(self.twin / "model.onnx", 1)
        for batch, frames in ((1, 7), (1, 300), (3, 123)):
            x = np.random.default_rng(frames).standard_normal((batch, frames, 80)).astype(np.float32)
            x_lens = np.linspace(7, frames, batch).astype(np.int64)
            log_probs, lens = session.run(None, {"x": x, "x_lens": x_lens})
            with torch.no_grad():
                out, expected_lens = self.peer.model.encoder(torch.from_numpy(x), torch.from_numpy(x_lens))
                expected = self.peer.model.ctc(out).numpy()
            self.assertEqual((lens.dtype, lens.tolist()), (np.int64, expected_lens.tolist()))
            for row, n in enumerate(lens):
                self.assertLess(np.abs(log_probs[row, :n] - expected[row, :n]).max(), 1e-4)

    def test_names_what_sherpa_onnx_asks_for(self):
        graph = onnx.load(self.twin / "model.onnx")
        facts = {p.key: p.value for p in graph.metadata_props}
        self.assertEqual(facts, {"model_type": "wenet_ctc", "subsampling_factor": "4", "vocab_size": "31"})
        self.assertEqual([i.name for i in graph.graph.input], ["x", "x_lens"])
        self.assertEqual([o.name for o in graph.graph.output], ["log_probs", "log_probs_lens"])
        self.assertEqual((self.twin / "tokens.txt").read_text(), UNITS.file())


if __name__ == "__main__":
    unittest.main()
