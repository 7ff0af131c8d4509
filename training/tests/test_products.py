import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto

from training.config import DecoderConfig, EncoderConfig, ModelConfig
from training.graph.builder import Builder
from training.graph.encoder import build_encoder
from training.graph.onnx_export import export_frontend
from training.graph.products import frontend_without_convolutions, without_convolutions
from training.model import AsrModel
from training.recognise.recognisers import open_session
from training.tests.support import run_graph

random = np.random.default_rng(0)


def convolution(shape: tuple[int, ...], **attributes):
    g = Builder()
    weight, bias = (random.standard_normal(s).astype(np.float32) for s in (shape, shape[:1]))
    g.op("Conv", "x", g.weight("w", weight), g.weight("b", bias), name="y", **attributes)
    info = onnx.helper.make_tensor_value_info
    return g.finish([info("x", TensorProto.FLOAT, [None] * 4)], [info("y", TensorProto.FLOAT, None)])


def encoder(**options):
    torch.manual_seed(0)
    small = EncoderConfig(size=32, heads=2, layers=1, hidden=32, **options)
    model = AsrModel(ModelConfig(vocabulary=50, encoder=small, decoder=DecoderConfig(layers=1, heads=2, hidden=32))).eval()
    return build_encoder(model, cpu=False)


def is_subsampled_where_seen(graph) -> bool:
    return any(constant.name.endswith("/columns") for constant in graph.model.graph.initializer)


class ProductsTest(unittest.TestCase):
    def assert_same(self, graph, *inputs: tuple[int, ...]):
        products = without_convolutions(graph)
        kinds = {node.op_type for node in products.model.graph.node}
        self.assertNotIn("Conv", kinds)
        self.assertEqual(products.weights, graph.weights)
        for shape in inputs:
            x = random.standard_normal(shape).astype(np.float32)
            expected, found = (run_graph(one, {"x": x})[0] for one in (graph, products))
            self.assertEqual(found.shape, expected.shape)
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)

    def test_a_depthwise_kernel_over_any_number_of_frames(self):
        for size, before, after in ((15, 7, 7), (15, 14, 0), (15, 0, 7), (31, 15, 15), (33, 16, 16), (3, 1, 1)):
            graph = convolution((6, 1, 1, size), group=6, pads=[0, before, 0, after])
            shortest = size - before - after
            lengths = {max(1, shortest), max(15, shortest), 16, 17, 32, 100}
            self.assert_same(graph, *((2, 6, 1, n) for n in lengths if n >= shortest))

    def test_subsampling_with_any_stride_and_padding_of_bins(self):
        for pad in (0, 1):
            pads = [pad, 0, pad, 0]
            self.assert_same(convolution((4, 1, 3, 3), strides=[2, 2], pads=pads), (1, 1, 80, 7), (3, 1, 80, 50), (2, 1, 9, 8))
            self.assert_same(convolution((5, 4, 3, 3), strides=[2, 2], pads=pads), (2, 4, 39, 3), (2, 4, 39, 24))
            self.assert_same(convolution((5, 4, 5, 5), strides=[3, 3], pads=pads), (2, 4, 39, 25))

    def test_a_projection_of_all_bins(self):
        self.assert_same(convolution((7, 4, 19, 1)), (1, 4, 19, 1), (3, 4, 19, 12))

    def test_frames_of_a_frontend(self):
        encoders = (EncoderConfig(), EncoderConfig(normalise="utterance"))
        with tempfile.TemporaryDirectory() as folder:
            plain, products = Path(folder) / "plain.onnx", Path(folder) / "products.onnx"
            for encoder in encoders:
                export_frontend(plain, encoder)
                frontend_without_convolutions(plain, products)
                self.assertNotIn("Conv", {node.op_type for node in onnx.load(products).graph.node})
                sessions = [open_session(path, 1) for path in (plain, products)]
                for samples in (400, 559, 560, 719, 879, 880, 16_000, 48_001):
                    waveform = (random.standard_normal((2, samples)) * 0.1).astype(np.float32)
                    waveform[1, 400:] = 0
                    feeds = {"waveform": waveform, "waveform_lens": np.array([samples, 400])}
                    (expected, lens), (found, found_lens) = (session.run(None, feeds) for session in sessions)
                    self.assertEqual(found_lens.tolist(), lens.tolist())
                    np.testing.assert_allclose(found, expected, atol=1e-3)

    def test_the_second_convolution_sees_what_is_made_where_it_is_seen(self):
        """No tensor of channels is gathered, and what is outside the bins stays 0 in between."""
        for kind, pad_bins in (("conv2d", False), ("conv2d", True), ("conv2d6", False), ("conv2d6", True)):
            graph = encoder(input_layer=kind, pad_bins=pad_bins)
            products = without_convolutions(graph)
            self.assertNotIn("Conv", {node.op_type for node in products.model.graph.node})
            self.assertTrue(is_subsampled_where_seen(products))
            for frames in (11, 12, 31, 67, 128):
                feeds = {"speech": random.standard_normal((2, frames, 80)).astype(np.float32), "speech_lengths": np.array([frames, 11], np.int32)}
                for expected, found in zip(run_graph(graph, feeds)[:3], run_graph(products, feeds)):  # of candidates two may tie
                    self.assertEqual(found.shape, expected.shape)
                    np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_three_convolutions_are_a_product_each(self):
        graph = encoder(input_layer="conv2d8")
        products = without_convolutions(graph)
        self.assertNotIn("Conv", {node.op_type for node in products.model.graph.node})
        self.assertFalse(is_subsampled_where_seen(products))
        feeds = {"speech": random.standard_normal((1, 67, 80)).astype(np.float32), "speech_lengths": np.array([67], np.int32)}
        np.testing.assert_allclose(run_graph(products, feeds)[0], run_graph(graph, feeds)[0], atol=1e-4)

    def test_another_convolution_is_refused(self):
        for graph in (convolution((4, 2, 1, 3), group=2), convolution((4, 2, 3, 3), pads=[1, 1, 1, 1])):
            with self.assertRaisesRegex(ValueError, "none of a conformer's"):
                without_convolutions(graph)


if __name__ == "__main__":
    unittest.main()
