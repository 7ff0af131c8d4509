import unittest

import numpy as np
import onnx
from onnx import TensorProto

from training.graph.builder import Builder
from training.graph.products import without_convolutions
from training.tests.support import run_graph

random = np.random.default_rng(0)


def convolution(shape: tuple[int, ...], **attributes):
    g = Builder()
    weight, bias = (random.standard_normal(s).astype(np.float32) for s in (shape, shape[:1]))
    g.op("Conv", "x", g.weight("w", weight), g.weight("b", bias), name="y", **attributes)
    info = onnx.helper.make_tensor_value_info
    return g.finish([info("x", TensorProto.FLOAT, [None] * 4)], [info("y", TensorProto.FLOAT, None)])


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

    def test_another_convolution_is_refused(self):
        for graph in (convolution((4, 2, 1, 3), group=2), convolution((4, 2, 3, 3), pads=[1, 1, 1, 1])):
            with self.assertRaisesRegex(ValueError, "none of a conformer's"):
                without_convolutions(graph)


if __name__ == "__main__":
    unittest.main()
