import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from training.graph.tree_decoder import TreeDecoderGraph, export_tree_decoder, prefix_tree
from training.recognise.recognisers import open_session
from training.tests.support import tiny_model, tiny_model_config

NAMES = ("encoder_out", "encoder_out_lens", "hyps", "hyps_lens")
MODELS = {"moe": tiny_model_config(), "dense": tiny_model_config(experts=0)}
ONE_DECODER = tiny_model_config()
ONE_DECODER.decoder.right_layers = 0
SOS = 30


def nbest_lists(random: np.random.Generator, batch: int, count: int, eos: int) -> tuple[np.ndarray, np.ndarray]:
    """Few different tokens: beginnings and endings are shared, whole hypotheses repeat, and eos is among them."""
    lens = random.integers(1, 9, (batch, count)).astype(np.int32)
    hyps = random.choice([1, 2, 3, eos], (batch, count, lens.max()), p=[0.5, 0.3, 0.1, 0.1])
    hyps = np.where(np.arange(lens.max()) < lens[..., None], hyps, eos)
    hyps[:, :, 0] = SOS
    return hyps.astype(np.int64), lens


class PrefixTreeTest(unittest.TestCase):
    def test_of_three_hypotheses_that_a_hand_can_follow(self):
        a, b, c = 1, 2, 3
        hyps = torch.tensor([[[SOS, a, b, c], [SOS, a, b, SOS], [SOS, a, c, SOS]]])
        tree = prefix_tree(hyps, torch.tensor([[[4], [3], [3]]]))
        self.assertEqual(tree.home.tolist(), [0, 1, 2, 3, 10])  # sos, a, ab, abc and, from the third, ac
        self.assertEqual(tree.node[0].tolist(), [0, 1, 2, 3])
        self.assertEqual(tree.node[1, :3].tolist(), [0, 1, 2])
        self.assertEqual(tree.node[2, :3].tolist(), [0, 1, 4])

    def test_has_one_node_for_each_distinct_prefix_of_an_utterance(self):
        random = np.random.default_rng(1)
        for batch in (1, 2, 4):
            hyps, lens = nbest_lists(random, batch, 6, SOS)
            tree = prefix_tree(torch.from_numpy(hyps), torch.from_numpy(lens).long().unsqueeze(-1))
            prefix_of = {}
            for b in range(batch):
                for n in range(6):
                    for j in range(lens[b, n]):
                        node = int(tree.node[b * 6 + n, j])
                        prefix = (b, *hyps[b, n, : j + 1].tolist())
                        self.assertEqual(prefix_of.setdefault(node, prefix), prefix)
                        self.assertEqual(int(tree.row.reshape(-1)[tree.column[node]]), node)
            self.assertEqual(len(set(prefix_of.values())), len(prefix_of))
            self.assertEqual(sorted(prefix_of), list(range(len(tree.home))))


class TreeDecoderTest(unittest.TestCase):
    """Tree and list compute the same, in PyTorch and in onnxruntime, over memories, batches and list sizes."""

    def test_scores_are_those_of_the_list(self):
        for name, config in (MODELS | {"one decoder": ONE_DECODER}).items():
            model = tiny_model(config)
            graph = TreeDecoderGraph(model).eval()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "decoder.onnx"
                export_tree_decoder(model, path)
                session = open_session(path, 1)
            random = np.random.default_rng(7)
            for time, batch, count in ((1, 1, 1), (5, 2, 10), (30, 5, 4), (41, 3, 7), (77, 4, 10)):
                memory = random.standard_normal((batch, time, 32)).astype(np.float32)
                lens = random.integers(1, time + 1, batch).astype(np.int32)
                arrays = (memory, lens, *nbest_lists(random, batch, count, model.eos))
                with torch.no_grad():
                    expected = model.score(*map(torch.from_numpy, arrays))
                    in_torch = graph(*map(torch.from_numpy, arrays))
                for found in (in_torch, session.run(None, dict(zip(NAMES, arrays)))):
                    for ours, theirs in zip(found, expected):
                        difference = np.abs(np.asarray(ours) - theirs.numpy()).max()
                        self.assertLess(difference, 1e-4, f"{name}, batch {batch}")


if __name__ == "__main__":
    unittest.main()
