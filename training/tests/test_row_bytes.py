import json
import shutil
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from training.config import Config
from training.export.half import add_half_graphs
from training.export.pack import Facts, export, leave_to_fused, rounded
from training.graph.pack import CPU, GPU, HALF
from training.graph.row_bytes import as_row_bytes, to_row_bytes
from training.graph.save import WEIGHTS
from training.importing.pack import import_pack
from training.tests.support import UNITS, tiny_model, tiny_model_config


class RowBytesTest(unittest.TestCase):
    def test_rows_that_were_rounded_are_integers_and_a_scale_however_they_lie(self):
        model = torch.nn.Sequential(torch.nn.Linear(40, 24))
        to_row_bytes(model)
        matrix = model[0].weight.detach().numpy()
        for name, values in {"as it is": matrix, "transposed": matrix.T, "cut": matrix[:12], "in halves": matrix.astype(np.float16)}.items():
            integers, scale = as_row_bytes(values)
            self.assertEqual((integers.dtype, integers.shape, scale.size), (np.int8, values.shape, 12 if name == "cut" else 24), name)
            off = np.abs(integers.astype(np.float32) * scale.astype(np.float32) - values).max()
            self.assertLess(off, 2e-4 if name == "in halves" else 1e-6, name)

    def test_a_stack_has_a_scale_for_each_row_of_each_matrix(self):
        model = torch.nn.Module()
        model.w1 = torch.nn.Parameter(torch.randn(3, 20, 32))
        model.experts = torch.nn.Module()
        model.experts.w1 = torch.nn.Parameter(torch.randn(3, 20, 32))
        to_row_bytes(model.experts)
        self.assertIsNone(as_row_bytes(model.w1.detach().numpy()))
        to_row_bytes(model)
        self.assertEqual(as_row_bytes(model.experts.w1.detach().numpy())[1].shape, (3, 20, 1))

    def test_what_was_not_rounded_is_left_to_16_bits(self):
        self.assertIsNone(as_row_bytes(np.random.default_rng(0).standard_normal((40, 30)).astype(np.float32)))

    def test_zeros_stay_zeros(self):
        integers, scale = as_row_bytes(np.zeros((20, 20), np.float32))
        self.assertFalse((integers * scale).any())


class PackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(0)
        # Wide enough that matrices are most of it.
        cls.config = tiny_model_config(size=64, hidden=96, shift=True, pad_bins=True, normalise="utterance", conv_norm="none")
        cls.model = tiny_model(replace(cls.config, decoder=replace(cls.config.decoder, hidden=96)))
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.worst = {
            bits: export(cls.model, UNITS, Facts("tiny", "1.0.0"), cls.folder / str(bits), bits=bits) for bits in (8, 16)
        }

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_the_graphs_compute_what_the_rounded_model_does(self):
        self.assertLess(self.worst[8]["ctc_log_probs"], 1e-3)

    def test_every_matrix_but_the_routers_is_in_8_bits_and_shared_by_all_graphs(self):
        sizes = {bits: (self.folder / str(bits) / WEIGHTS).stat().st_size for bits in (8, 16)}
        positions = 2 * (self.model.encoder.positions.numel() + self.model.left.positions.numel())
        self.assertLess(sizes[8] - positions, 0.65 * (sizes[16] - positions))
        for file in (GPU["encoder"], CPU["encoder"]):
            graph = onnx.load(self.folder / "8" / file, load_external_data=False).graph
            stored = {t.name for t in graph.initializer}
            self.assertTrue(any(name.endswith("linear_q.weight_q") for name in stored), file)
            self.assertTrue(any("gate.weight_h" in name for name in stored), file)

    def test_a_pack_without_an_encoder_for_cpus_lists_none(self):
        pack = self.folder / "fused"
        shutil.copytree(self.folder / "8", pack)
        leave_to_fused(pack)
        manifest = json.loads((pack / "model.json").read_text())
        self.assertEqual(manifest["variants"]["cpu"], {"decoder": CPU["decoder"]})
        self.assertEqual(set(manifest["files"]), {file.name for file in pack.iterdir()} - {"model.json"})

    def test_it_comes_back_as_a_checkpoint(self):
        back = import_pack(self.folder / "8", Config(model=self.model.c)).state_dict()
        for name, value in rounded(self.model, 8).state_dict().items():
            self.assertTrue(torch.allclose(back[name], value, atol=1e-5), name)

    def test_graphs_in_halves_lie_over_the_same_integers(self):
        before = (self.folder / "8" / WEIGHTS).stat().st_size
        found = add_half_graphs(self.folder / "8", self.folder / "8-half")
        self.assertGreater(found["half: scores within 0.02"], 0.9)
        self.assertLess((self.folder / "8-half" / WEIGHTS).stat().st_size, 1.15 * before)

    def test_they_are_multiplied_when_a_graph_is_loaded_and_not_in_each_run(self):
        add_half_graphs(self.folder / "8", self.folder / "8-load")
        for file in (GPU["encoder"], HALF["encoder"]):
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.optimized_model_filepath = str(self.folder / "loaded.onnx")
            onnxruntime.InferenceSession(self.folder / "8-load" / file, options, providers=["CPUExecutionProvider"])
            graph = onnx.load(self.folder / "loaded.onnx", load_external_data=False).graph
            stored = {t.name for t in graph.initializer}
            left = [n.name for n in graph.node if n.op_type == "Mul" and stored.issuperset(n.input)]
            self.assertEqual(left, [], file)


if __name__ == "__main__":
    unittest.main()
