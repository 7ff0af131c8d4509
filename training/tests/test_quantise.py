import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from training.export.int8_linear import quantise_columns, quantise_linear
from training.export.pack import Facts, export
from training.export.parity import random_hypotheses
from training.export.quantise import features_of, quantise_pack, read_graph
from training.graph.builder import Builder
from training.graph.onnx_graph import OnnxGraph
from training.graph.save import save_graphs
from training.language_model.kneser_ney import estimate
from training.language_model.ngram_file import write_ngrams
from training.recognise.recognisers import open_session
from training.tests.support import UNITS, tiny_model, tiny_model_config


def layer(kind: str, bias: bool, alpha: float = 1.0) -> tuple[OnnxGraph, np.ndarray, np.ndarray]:
    """One linear layer 160 -> 192 over x, its matrix [160, 192] and its bias."""
    random = np.random.default_rng(0)
    matrix = random.standard_normal((160, 192)).astype(np.float32)
    added = random.standard_normal(192).astype(np.float32) * bias
    b = Builder()
    if kind == "Gemm":
        inputs = ["x", b.weight("w", np.ascontiguousarray(matrix.T)), *([b.weight("b", added)] if bias else [])]
        b.op("Gemm", *inputs, transB=1, alpha=alpha, beta=alpha, name="y")
    else:
        b.op("MatMul", "x", b.weight("w", matrix), name="y")
    shape = ["N", 160] if kind == "Gemm" else ["B", "N", 160]
    info = helper.make_tensor_value_info
    graph = b.finish([info("x", TensorProto.FLOAT, shape)], [info("y", TensorProto.FLOAT, None)])
    return graph, matrix * alpha, added * alpha


def session_of(graph: OnnxGraph) -> onnxruntime.InferenceSession:
    with tempfile.TemporaryDirectory() as folder:
        save_graphs({"graph.onnx": graph}, Path(folder))
        return open_session(Path(folder) / "graph.onnx", 1)


class LinearTest(unittest.TestCase):
    def test_columns(self):
        matrix = np.array([[0.5, -4.0, 0.0], [-1.0, 2.0, 0.0]], np.float32)
        values, scale = quantise_columns(matrix)
        self.assertEqual(values.tolist(), [[64, -127, 0], [-127, 64, 0]])
        self.assertLess(np.abs(values * scale - matrix).max(), 4 / 127)

    def test_close_to_the_float_layer(self):
        x = np.random.default_rng(1).standard_normal((30, 160)).astype(np.float32)
        x[3] *= 1000
        x[4] = 0
        for kind, bias, alpha in (
            ("Gemm", True, 1.0),
            ("Gemm", True, 0.5),
            ("Gemm", False, 2.0),
            ("MatMul", False, 1.0),
        ):
            graph, matrix, added = layer(kind, bias, alpha)
            expected = x @ matrix + added
            session = session_of(quantise_linear(graph))
            found = session.run(None, {"x": x if kind == "Gemm" else x.reshape(2, 15, 160)})[0]
            self.assertEqual(found.shape, (30, 192) if kind == "Gemm" else (2, 15, 192))
            error = np.linalg.norm(found.reshape(30, 192) - expected, axis=1)
            size = np.linalg.norm(expected, axis=1) + 1e-6
            self.assertLess((error / size).max(), 0.02, (kind, bias, alpha))

    def test_a_row_does_not_depend_on_the_others(self):
        x = np.random.default_rng(1).standard_normal((30, 160)).astype(np.float32)
        session = session_of(quantise_linear(layer("Gemm", True)[0]))
        whole = session.run(None, {"x": x})[0]
        x[1:] *= 50
        self.assertTrue(np.array_equal(session.run(None, {"x": x})[0][0], whole[0]))
        self.assertTrue(np.array_equal(session.run(None, {"x": x[:1]})[0][0], whole[0]))

    def test_no_rows(self):
        session = session_of(quantise_linear(layer("Gemm", True)[0]))
        self.assertEqual(session.run(None, {"x": np.zeros((0, 160), np.float32)})[0].shape, (0, 192))

    def test_what_is_kept(self):
        for keep, integers in (("nothing", 1), ("^w$", 0)):
            graph = quantise_linear(layer("Gemm", True)[0], keep)
            kinds = [node.op_type for node in graph.model.graph.node]
            self.assertEqual(kinds.count("MatMulIntegerToFloat"), integers)
            self.assertEqual(kinds.count("Gemm"), 1 - integers)
            self.assertEqual("w" in graph.weights, not integers)


def noise(samples: int, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(samples) * 3000).astype(np.int16)


def small_language_model(folder: Path) -> Path:
    write_ngrams(estimate([[5, 6, 7]], len(UNITS), len(UNITS) - 1, 2), np.full(len(UNITS), -3.0), folder / "lm.bin")
    return folder / "lm.bin"


class PackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.packs = {}
        speech = [noise(40_000, seed=0)]
        for name, experts in (("moe", 4), ("dense", 0)):
            # Wide enough for its layers to be worth it.
            config = tiny_model_config(experts, size=128, heads=4, hidden=160, channels=32)
            config.decoder.hidden = 160
            model = tiny_model(config)
            pack, small = (Path(cls.folder.name) / f"{name}{suffix}" for suffix in ("", "-int8"))
            facts = Facts(name, "1.0.0", language_model=small_language_model(Path(cls.folder.name)))
            export(model, UNITS, facts, pack, bits=16 if name == "moe" else 32)
            sizes = quantise_pack(pack, small, speech)
            cls.packs[name] = (model, pack, small, sizes)

    def sessions(self, pack: Path):
        variants = json.loads((pack / "model.json").read_text()).get("variants", {}).get("cpu", {})
        return [open_session(pack / variants.get(name, f"{name}.onnx"), 1) for name in ("encoder", "decoder")]

    def test_close_to_the_pack_in_floats(self):
        random = np.random.default_rng(1)
        lens = np.array([200, 150, 7], np.int32)
        for model, pack, small, _ in self.packs.values():
            speech = np.stack([features_of(pack, [noise(40_000, seed=n)])[0][-200:] for n in (1, 2, 3)])
            (encoder, decoder), (encoder8, decoder8) = self.sessions(pack), self.sessions(small)
            expected = encoder.run(None, {"speech": speech, "speech_lengths": lens})
            found = encoder8.run(None, {"speech": speech, "speech_lengths": lens})
            self.assertEqual(found[1].tolist(), expected[1].tolist())
            for row, n in enumerate(expected[1]):
                error = np.linalg.norm(found[0][row, :n] - expected[0][row, :n])
                self.assertLess(error / np.linalg.norm(expected[0][row, :n]), 0.03)
            hyps, hyps_lens = random_hypotheses(random, 3, model)
            feed = {"encoder_out": expected[0], "encoder_out_lens": expected[1], "hyps": hyps, "hyps_lens": hyps_lens}
            for ours, theirs in zip(decoder8.run(None, feed), decoder.run(None, feed)):
                self.assertLess(np.abs(ours - theirs).max(), 0.3)

    def test_an_utterance_does_not_depend_on_its_batch(self):
        random = np.random.default_rng(0)
        speech = (random.standard_normal((3, 200, 80)) * 3 + 10).astype(np.float32)
        lens = np.array([200, 150, 90], np.int32)
        for _, _, small, _ in self.packs.values():
            encoder = self.sessions(small)[0]
            together = encoder.run(None, {"speech": speech, "speech_lengths": lens})
            for row, frames in enumerate(lens):
                alone = encoder.run(
                    None, {"speech": speech[row : row + 1, :frames], "speech_lengths": lens[row : row + 1]}
                )
                n = alone[1][0]
                self.assertLess(np.abs(alone[2][0, :n] - together[2][row, :n]).max(), 0.05)

    def test_weights_are_bytes_and_few_floats_are_left(self):
        for _, pack, small, _ in self.packs.values():
            graph = read_graph(small / "encoder.onnx")
            names = [node.op_type for node in graph.model.graph.node]
            self.assertIn("QLinearConv", names)
            self.assertIn("MatMulIntegerToFloat", names)
            self.assertNotIn("MoE", names)
            left = {name: v.size for name, v in graph.weights.items() if v.ndim == 2 and v.size >= 1 << 14}
            self.assertEqual(set(left), {"encoder.positions"})
            self.assertLess((small / "weights.bin").stat().st_size, (pack / "weights.bin").stat().st_size)

    def test_the_manifest_names_every_file_as_it_is(self):
        for _, _, small, sizes in self.packs.values():
            manifest = json.loads((small / "model.json").read_text())
            self.assertEqual((manifest["precision"], manifest["language_model"]["file"]), ("int8", "lm.bin"))
            self.assertNotIn("variants", manifest)
            found = {file.name: file.stat().st_size for file in small.iterdir() if file.name != "model.json"}
            self.assertEqual({name: facts["bytes"] for name, facts in manifest["files"].items()}, found)
            self.assertLess(sizes["bytes after"], sizes["bytes before"])

    def test_the_subsampling_can_stay_in_floats(self):
        _, pack, _, _ = self.packs["dense"]
        with tempfile.TemporaryDirectory() as folder:
            quantise_pack(pack, Path(folder), speech=[])
            names = [
                node.op_type for node in onnx.load(Path(folder) / "encoder.onnx", load_external_data=False).graph.node
            ]
        self.assertNotIn("QLinearConv", names)
        self.assertIn("MatMulIntegerToFloat", names)


if __name__ == "__main__":
    unittest.main()
