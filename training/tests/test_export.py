import hashlib
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import soundfile
import torch
from onnx import TensorProto, helper
from onnxruntime import InferenceSession

from training.config import Config
from training.export.golden import write_golden
from training.export.pack import Facts, export, rounded
from training.export.parity import random_hypotheses
from training.graph.encoder import build_encoder
from training.graph.moe import expand_moe
from training.graph.onnx_export import export_decoder
from training.graph.onnx_graph import OnnxGraph
from training.graph.pack import traced
from training.graph.save import save_graphs
from training.importing.pack import import_pack
from training.language_model.kneser_ney import estimate
from training.language_model.ngram_file import write_ngrams
from training.recognise.recognisers import PackRecogniser, language_of, open_session
from training.tests.support import UNITS, tiny_model, tiny_model_config

FRAMES = (7, 31, 64, 100, 163, 240)
BATCHES = (1, 2, 5)
MODELS = {
    "moe": tiny_model_config(),
    "moe, causal": tiny_model_config(causal=True),
    "dense, batch norm": tiny_model_config(experts=0, conv_norm="batch_norm"),
    "positions by distance": tiny_model_config(shift=True, pad_bins=True, normalise="utterance", conv_norm="none"),
}


def session_of(graph: OnnxGraph) -> InferenceSession:
    with tempfile.TemporaryDirectory() as folder:
        save_graphs({"graph.onnx": graph}, Path(folder))
        return open_session(Path(folder) / "graph.onnx", 1)


class GraphTest(unittest.TestCase):
    """Graph and model compute the same at 6 lengths × 3 batch sizes, in full context and in chunks."""

    def test_encoder(self):
        for name, config in MODELS.items():
            model = tiny_model(config)
            for chunk in (0, 1, 4, 16):
                forms = {"gpu": build_encoder(model, chunk, cpu=False), "cpu": expand_moe(build_encoder(model, chunk))}
                for form, graph in forms.items():
                    session = session_of(graph)
                    for frames in FRAMES:
                        for batch in BATCHES:
                            label = f"{name}, chunk {chunk}, {form}"
                            self.compare_encoder(label, model, session, frames, batch, chunk)

    def test_experts_are_given_no_padding(self):
        model = tiny_model(tiny_model_config())
        graph = expand_moe(build_encoder(model))
        counts = [node.output[0] for node in graph.model.graph.node if node.op_type == "ReduceSum"]
        layers = 2 * model.c.encoder.layers
        self.assertEqual(len(counts), layers)
        graph.model.graph.output.extend(
            helper.make_tensor_value_info(name, TensorProto.INT64, [model.c.encoder.experts]) for name in counts
        )
        speech = np.zeros((3, 67, 80), np.float32)
        lens = np.array([67, 30, 7], np.int32)
        feeds = {"speech": speech, "speech_lengths": lens}
        frames, *rows = session_of(graph).run(["encoder_out_lens", *counts], feeds)
        self.assertLess(frames[2], frames[0])
        self.assertEqual([int(r.sum()) for r in rows], [model.c.encoder.top_k * int(frames.sum())] * layers)

    def compare_encoder(self, name, model, session, frames, batch, chunk):
        random = np.random.default_rng(frames * 10 + batch)
        speech = (random.standard_normal((batch, frames, 80)) * 3 + 10).astype(np.float32)
        lens = random.integers(7, frames + 1, batch).astype(np.int32)
        lens[0] = frames
        out, out_lens, log_probs, best, tokens = session.run(None, {"speech": speech, "speech_lengths": lens})
        with torch.no_grad():
            expected, counts = model.encoder(torch.from_numpy(speech), torch.from_numpy(lens).long(), chunk)
            expected_log_probs = model.ctc(expected)
        self.assertEqual(out_lens.tolist(), counts.tolist())
        for row, n in enumerate(out_lens):
            label = f"{name}: {frames} frames, row {row} of {batch}"
            self.assertLess(np.abs(out[row, :n] - expected[row, :n].numpy()).max(), 1e-4, label)
            self.assertLess(np.abs(log_probs[row, :n] - expected_log_probs[row, :n].numpy()).max(), 1e-4, label)
        self.assertTrue(np.array_equal(np.take_along_axis(log_probs, tokens, 2), best))
        self.assertTrue((np.diff(best, axis=2) <= 0).all())

    def test_decoder(self):
        for config in MODELS.values():
            model = tiny_model(config)
            fused = traced(export_decoder, model)
            sessions = [session_of(graph) for graph in (fused, expand_moe(fused))]
            for time in (1, 5, 12, 30, 41, 77):
                for batch in BATCHES:
                    random = np.random.default_rng(time)
                    memory = random.standard_normal((batch, time, 32)).astype(np.float32)
                    lens = random.integers(1, time + 1, batch).astype(np.int32)
                    arrays = (memory, lens, *random_hypotheses(random, batch, model))
                    names = ("encoder_out", "encoder_out_lens", "hyps", "hyps_lens")
                    with torch.no_grad():
                        expected = model.score(*map(torch.from_numpy, arrays))
                    for session in sessions:
                        for ours, theirs in zip(session.run(None, dict(zip(names, arrays))), expected):
                            self.assertLess(np.abs(ours - theirs.numpy()).max(), 1e-4)


class PackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.pack = Path(cls.temporary.name) / "pack"
        cls.model = tiny_model()
        lm = cls.pack.parent / "lm.bin"
        orders = estimate([[5, 6, 7], [5, 6]], len(UNITS), len(UNITS) - 1, 3, cutoff=0)
        write_ngrams(orders, np.full(len(UNITS), -3.0), lm)
        facts = Facts("tiny", "0.1.0", language_model=lm, more={"description": "a test", "error_rates": []})
        cls.worst = export(cls.model, UNITS, facts, cls.pack)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_describes_its_files(self):
        manifest = json.loads((self.pack / "model.json").read_text())
        self.assertEqual(manifest["format"], 1)
        self.assertEqual((manifest["min_samples"], manifest["subsampling"]), (1360, 4))
        self.assertEqual(manifest["vocabulary"]["eos_id"], 30)
        for name, facts in manifest["files"].items():
            content = (self.pack / name).read_bytes()
            self.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (facts["bytes"], facts["sha256"]))

    def test_holds_one_fused_operator_per_moe_layer_and_weights_in_16_bits(self):
        graph = onnx.load(self.pack / "encoder.onnx").graph
        fused = [n for n in graph.node if n.op_type == "MoE" and n.domain == "com.microsoft"]
        self.assertEqual(len(fused), 2 * self.model.c.encoder.layers)
        big = [t for t in graph.initializer if np.prod(t.dims) >= 256 and t.data_type == onnx.TensorProto.FLOAT]
        self.assertEqual(big, [])
        experts = [n for n in onnx.load(self.pack / "encoder.cpu.onnx").graph.node if n.op_type == "MoE"]
        self.assertEqual(experts, [])

    def test_names_its_graphs_for_cpus_and_stores_a_weight_once(self):
        manifest = json.loads((self.pack / "model.json").read_text())
        forms = {"encoder": "encoder.cpu.onnx", "decoder": "decoder.cpu.onnx"}
        self.assertEqual(manifest["variants"], {"cpu": forms})
        self.assertLessEqual({*forms.values(), "weights.bin"}, set(manifest["files"]))
        once = sum(p.nbytes for p in graph_weights(self.pack, ("encoder.onnx", "decoder.onnx")))
        self.assertLess((self.pack / "weights.bin").stat().st_size, 1.02 * once)

    def test_differs_from_the_model_by_rounding_only(self):
        self.assertTrue(all(value < 1e-3 for value in self.worst.values()), self.worst)

    def test_comes_back_as_the_checkpoint_it_was_made_of(self):
        config = Config(model=self.model.c)
        back = import_pack(self.pack, config).state_dict()
        for name, value in rounded(self.model).state_dict().items():
            self.assertTrue(torch.allclose(back[name], value, atol=1e-6), name)

    def test_a_language_model_comes_with_its_weights(self):
        facts = json.loads((self.pack / "model.json").read_text())["language_model"]
        self.assertEqual(facts, {"file": "lm.bin", "weight": 0.8, "prior_weight": 0.5, "token_bonus": 0.75})
        self.assertEqual(language_of(self.pack).weight, 0.8)
        self.assertEqual(language_of(self.pack, weight=0.25, token_bonus=None).weight, 0.25)
        self.assertIsNone(language_of(self.pack, weight=0))

    def test_golden_values_are_what_the_pack_computes(self):
        wav = self.pack.parent / "tone.wav"
        samples = (np.sin(np.arange(16000) * 0.2) * 8000).astype(np.int16)
        soundfile.write(wav, samples, 16000, subtype="PCM_16")
        write_golden(self.pack, [wav])
        golden = json.loads((self.pack / "golden.json").read_text())["utterances"][0]
        self.assertEqual((golden["samples"], golden["feature_frames"], golden["encoder_frames"]), (16000, 98, 23))
        self.assertTrue((self.pack / golden["wav"]).exists())
        encoded = PackRecogniser(self.pack).encode(samples.astype(np.float32) / 32768)
        greedy = np.array(golden["ctc_log_probs"]).max(1)
        self.assertLess(np.abs(greedy - encoded.log_probs[:, 0]).max(), 1e-3)
        finals = [h["final"] for h in golden["nbest"]]
        self.assertEqual(golden["best"], golden["nbest"][int(np.argmax(finals))]["text"])
        for h in golden["nbest"]:
            self.assertAlmostEqual(h["final"], 0.7 * h["l2r"] + 0.3 * h["r2l"] + 0.5 * h["ctc"], places=3)


def graph_weights(pack: Path, names: tuple[str, ...]) -> list[np.ndarray]:
    tensors = [t for name in names for t in onnx.load(pack / name).graph.initializer]
    return [onnx.numpy_helper.to_array(t) for t in tensors]


if __name__ == "__main__":
    unittest.main()
