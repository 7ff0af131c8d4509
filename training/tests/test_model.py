import unittest
from unittest import mock

import torch
import torch.nn.functional as F

from training.model.convolution import ConvolutionModule
from training.model.experts import ACTIVATIONS, _grouped, _per_expert
from training.model.feed_forward import MoeFeedForward
from training.model.frontend import Fbank
from training.model.masks import chunk_mask
from training.tests.support import random_waveforms, tiny_model, tiny_model_config


def moe_token_by_token(layer: MoeFeedForward, x: torch.Tensor) -> torch.Tensor:
    out = []
    for token in x.reshape(-1, x.shape[-1]):
        logits = layer.gate(token)
        best = torch.argsort(logits, descending=True)[: layer.top_k]
        weights = torch.softmax(logits[best], -1)
        y = torch.zeros_like(token)
        for weight, e in zip(weights, best):
            hidden = ACTIVATIONS[layer.activation](F.linear(token, layer.w1[e], layer.b1[e]))
            y = y + weight * F.linear(hidden, layer.w2[e], layer.b2[e])
        out.append(y)
    return torch.stack(out).reshape(x.shape)


class MoeTest(unittest.TestCase):
    def test_equals_a_loop_over_tokens_forwards_and_backwards(self):
        for activation in ("swish", "relu"):
            torch.manual_seed(1)
            layer = MoeFeedForward(12, 20, experts=5, top_k=2, activation=activation)
            x = torch.randn(2, 9, 12)
            results = []
            for run in (layer, lambda x: moe_token_by_token(layer, x)):
                layer.zero_grad()
                x.grad = None
                x.requires_grad_()
                y = run(x)
                (y * torch.arange(y.numel()).reshape(y.shape)).sum().backward()
                results.append([y, x.grad.clone(), *(p.grad.clone() for p in layer.parameters())])
            for ours, theirs in zip(*results):
                self.assertTrue(torch.allclose(ours, theirs, rtol=1e-4, atol=1e-4))

    def test_an_expert_without_tokens_gets_a_zero_gradient(self):
        layer = MoeFeedForward(8, 8, experts=4, top_k=1)
        with torch.no_grad():
            layer.gate.weight.zero_()
            layer.gate.weight[2] = 1.0
        layer(torch.ones(1, 3, 8)).sum().backward()
        used = [layer.w1.grad[e].abs().sum().item() > 0 for e in range(4)]
        self.assertEqual(used, [False, False, True, False])

    @unittest.skipUnless(hasattr(F, "grouped_mm"), "this PyTorch has no grouped GEMM: nothing calls it then")
    def test_the_grouped_product_of_the_gpu_equals_the_one_of_the_cpu(self):
        torch.manual_seed(2)
        counts = torch.tensor([3, 0, 8, 5])
        expert = torch.repeat_interleave(torch.arange(4), counts)
        rows, weight, bias = torch.randn(16, 16), torch.randn(4, 24, 16), torch.randn(4, 24)
        grouped = _grouped(rows, weight, bias, expert, counts).float()
        expected = _per_expert(rows, weight, bias, expert, counts)
        self.assertLess((grouped - expected).abs().max().item(), 0.15)  # bfloat16

    @unittest.skipUnless(hasattr(F, "grouped_mm"), "this PyTorch has no grouped GEMM: nothing calls it then")
    def test_training_in_bfloat16_with_grouped_products_goes_the_same_way(self):
        model = tiny_model()
        batch = (torch.randn(3, 200, 80) * 3 + 10, torch.tensor([200, 150, 99]))
        batch += (torch.randint(1, 30, (3, 9)), torch.tensor([9, 5, 7]))
        gradients = []
        for grouped in (False, True):
            model.zero_grad()
            with mock.patch("training.model.experts._has_grouped_gemm", return_value=grouped):
                with torch.autocast("cpu", torch.bfloat16, enabled=grouped):
                    loss = model.losses(*batch).total
            loss.backward()
            gradients.append({name: p.grad.flatten() for name, p in model.named_parameters()})
        for name, exact in gradients[0].items():
            if not name.endswith("linear_k.bias"):  # zero but for rounding: softmax does not see it
                self.assertGreater(F.cosine_similarity(exact, gradients[1][name], dim=0).item(), 0.95, name)

    def test_counts_the_tokens_of_each_expert(self):
        layer = MoeFeedForward(8, 8, experts=4, top_k=2)
        layer.usage = torch.zeros(4)
        layer(torch.randn(3, 5, 8))
        self.assertEqual(layer.usage.sum().item(), 3 * 5 * 2)


class InvarianceTest(unittest.TestCase):
    def test_padding_and_batch_do_not_change_an_utterance(self):
        waveform, lens = random_waveforms([16000, 1360, 23456, 9000])
        features, frames = Fbank()(waveform, lens)
        for causal in (False, True):
            model = tiny_model(tiny_model_config(causal=causal))
            for chunk in (0, 1, 4, 16):
                with torch.no_grad():
                    together, counts = model.encoder(features, frames.long(), chunk)
                    for row, n in enumerate(frames.tolist()):
                        alone, count = model.encoder(features[row : row + 1, :n], frames[row : row + 1].long(), chunk)
                        self.assertEqual(count.item(), counts[row].item())
                        difference = (alone[0] - together[row, : count.item()]).abs().max().item()
                        self.assertLess(difference, 1e-4, f"causal {causal}, chunk {chunk}, row {row}")

    def test_scores_do_not_depend_on_the_other_hypotheses(self):
        model = tiny_model()
        memory, memory_lens = torch.randn(2, 20, 32), torch.tensor([20, 13])
        hyps = torch.full((2, 3, 6), model.eos)
        hyps[:, :, 1:] = torch.randint(1, model.eos, (2, 3, 5))
        lens = torch.tensor([[6, 2, 1], [4, 6, 3]])
        hyps = torch.where(torch.arange(6) < lens.unsqueeze(-1), hyps, model.eos)
        with torch.no_grad():
            left, right = model.score(memory, memory_lens, hyps, lens)
            for b in range(2):
                for n in range(3):
                    k = lens[b, n]
                    one = (memory[b : b + 1, : memory_lens[b]], memory_lens[b : b + 1])
                    a, c = model.score(*one, hyps[b : b + 1, n : n + 1, :k], lens[b : b + 1, n : n + 1])
                    self.assertTrue(torch.allclose(a[0, 0], left[b, n, :k], atol=1e-4))
                    self.assertTrue(torch.allclose(c[0, 0], right[b, n, :k], atol=1e-4))
                    self.assertEqual(left[b, n, k:].abs().sum().item() + right[b, n, k:].abs().sum().item(), 0)


class ScoreTest(unittest.TestCase):
    def test_right_to_left_scores_come_back_in_left_to_right_order(self):
        model = tiny_model()
        memory = torch.randn(1, 20, 32)
        tokens = [3, 7, 5, 9]
        hyps = torch.tensor([[[model.sos, *tokens, model.eos]]])
        with torch.no_grad():
            _, right = model.score(memory, torch.tensor([20]), hyps, torch.tensor([[5]]))
            backwards = torch.tensor([[[model.sos, *tokens[::-1]]]])
            mask = torch.ones(1, 1, 1, 20, dtype=torch.bool)
            logits = model.right(memory, mask, backwards, torch.tensor([[5]]))
            steps = torch.log_softmax(logits, -1)[0, 0]
        by_step = [steps[at, token].item() for at, token in enumerate([*tokens[::-1], model.eos])]
        expected = [*by_step[:4][::-1], by_step[4], 0.0]
        self.assertTrue(torch.allclose(right[0, 0], torch.tensor(expected), atol=1e-5))


class ChunkTest(unittest.TestCase):
    def test_a_frame_sees_its_chunk_and_the_chunks_before_it(self):
        everything = chunk_mask(5, 2, -1, torch.device("cpu")).int().tolist()
        self.assertEqual(everything, [[1, 1, 0, 0, 0]] * 2 + [[1, 1, 1, 1, 0]] * 2 + [[1] * 5])
        one = chunk_mask(5, 2, 1, torch.device("cpu")).int().tolist()
        self.assertEqual(one[4], [0, 0, 1, 1, 1])

    def test_the_future_beyond_a_chunk_changes_nothing(self):
        for causal in (False, True):
            model = tiny_model(tiny_model_config(causal=causal))
            features = torch.randn(1, 163, 80)  # 40 encoder frames
            changed = features.clone()
            changed[:, 4 * 24 + 3 :] += 1.0  # beyond what frame 23 is made of
            with torch.no_grad():
                a, b = (model.encoder(f, torch.tensor([163]), 8)[0] for f in (features, changed))
                c, d = (model.encoder(f, torch.tensor([163]))[0] for f in (features, changed))
            self.assertLess((a - b)[:, :24].abs().max().item(), 1e-5)
            self.assertGreater((c - d)[:, :24].abs().max().item(), 1e-3)

    def test_a_chunk_as_long_as_the_utterance_is_full_context(self):
        module = ConvolutionModule(8, 7, causal=False)
        x, valid = torch.randn(2, 10, 8), torch.ones(2, 10, 1, dtype=torch.bool)
        with torch.no_grad():
            self.assertTrue(torch.allclose(module(x, valid, 10), module(x, valid), atol=1e-6))


if __name__ == "__main__":
    unittest.main()
