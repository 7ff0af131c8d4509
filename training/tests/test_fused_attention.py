import unittest

import torch

from training.config import EncoderConfig
from training.measure.fused_attention import fuse_attention
from training.model.encoder import Encoder

SMALL = {"size": 16, "heads": 2, "layers": 2, "hidden": 24, "experts": 0}


class FusedAttentionTest(unittest.TestCase):
    @torch.no_grad()
    def test_the_fused_kernel_attends_to_what_the_recipes_own_attention_does(self):
        torch.manual_seed(0)
        encoder = Encoder(EncoderConfig(**SMALL)).eval()
        features, lens = torch.randn(2, 90, 80), torch.tensor([90, 61])  # the second is padded
        expected, encoder_lens = encoder(features, lens)
        found, _ = fuse_attention(encoder)(features, lens)
        for row, length in enumerate(encoder_lens.tolist()):
            torch.testing.assert_close(found[row, :length], expected[row, :length], atol=1e-4, rtol=1e-4)

    def test_attention_by_distance_has_no_such_form(self):
        with self.assertRaises(ValueError):
            fuse_attention(Encoder(EncoderConfig(**SMALL, shift=True)))


if __name__ == "__main__":
    unittest.main()
