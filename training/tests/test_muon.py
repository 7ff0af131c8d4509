import unittest

import torch
from torch import nn

from training.model import AsrModel
from training.tests.support import tiny_model_config
from training.train.muon import Muon, as_matrices, is_inner_matrix, make_optimizers, orthogonal


class OrthogonalTest(unittest.TestCase):
    def test_singular_values_come_near_one(self):
        torch.manual_seed(0)
        for shape in ((3, 16, 40), (3, 40, 16), (1, 24, 24)):
            left, _, right = torch.linalg.svd(torch.randn(shape), full_matrices=False)
            spread = torch.diag_embed(torch.linspace(1, 0.1, left.shape[-1]).expand(shape[0], -1))
            values = torch.linalg.svdvals(orthogonal(left @ spread @ right))
            self.assertTrue(((values > 0.6) & (values < 1.35)).all(), shape)

    def test_directions_stay(self):
        torch.manual_seed(0)
        u, _ = torch.linalg.qr(torch.randn(12, 12))
        found = orthogonal((u @ torch.diag(torch.linspace(1, 0.2, 12)) @ u.T)[None])[0]
        self.assertTrue((torch.diag(u.T @ found @ u) > 0.6).all())

    def test_kernels_are_one_matrix_and_experts_one_each(self):
        self.assertEqual(tuple(as_matrices(torch.zeros(8, 3, 5, 5)).shape), (1, 8, 75))
        self.assertEqual(tuple(as_matrices(torch.zeros(4, 6, 1)).shape), (1, 4, 6))
        self.assertEqual(tuple(as_matrices(torch.zeros(8, 6, 5)).shape), (8, 6, 5))


class ChoiceTest(unittest.TestCase):
    def test_matrices_inside_the_network_and_nothing_else(self):
        names = {n for n, p in AsrModel(tiny_model_config()).named_parameters() if is_inner_matrix(n, p)}
        layer = "encoder.encoders.0"
        inside = {f"{layer}.feed_forward.w1", f"{layer}.self_attn.linear_q.weight", f"{layer}.conv_module.pointwise_conv1.weight"}
        self.assertTrue(inside <= names)
        outside = ("gate.weight", "depthwise_conv.weight", "ctc_lo.weight", "embed.0.weight", "output_layer.weight", "bias", "pos_bias_u", ".b1")
        self.assertFalse([n for n in names if n.endswith(outside)])

    def test_every_parameter_has_one_optimizer(self):
        model = AsrModel(tiny_model_config())
        optimizers = make_optimizers([model], 0.02, 0.001, 0.0)
        held = [id(p) for o in optimizers for g in o.param_groups for p in g["params"]]
        self.assertEqual(sorted(held), sorted(id(p) for p in model.parameters()))
        self.assertEqual([o.param_groups[0]["full_rate"] for o in optimizers], [0.02, 0.001])


class StepTest(unittest.TestCase):
    def test_solves_a_badly_scaled_regression(self):
        torch.manual_seed(0)
        x = torch.randn(200, 8) * torch.logspace(0, -1, 8)
        target, weight = torch.randn(4, 8), nn.Parameter(torch.zeros(4, 8))
        optimizer = Muon([weight], 0.1)
        for step in range(200):
            optimizer.param_groups[0]["lr"] = 0.1 * (1 - step / 200)
            optimizer.zero_grad()
            (x @ weight.T - x @ target.T).square().mean().backward()
            optimizer.step()
        self.assertLess((weight - target).abs().max().item(), 0.1)


if __name__ == "__main__":
    unittest.main()
