import unittest

import torch
import torch.nn.functional as F

from training.model.ctc import ctc_losses


class CtcTest(unittest.TestCase):
    def compare(self, tokens: list[list[int]], lens: list[int], vocabulary: int = 6, seed: int = 0):
        torch.manual_seed(seed)
        width = max(1, *map(len, tokens))
        padded = torch.tensor([row + [1] * (width - len(row)) for row in tokens])
        lens, token_lens = torch.tensor(lens), torch.tensor([len(row) for row in tokens])
        logits = torch.randn(len(tokens), int(lens.max()), vocabulary, dtype=torch.float64) * 3
        ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
        found = ctc_losses(torch.log_softmax(ours, -1), padded, lens, token_lens)
        expected = F.ctc_loss(
            torch.log_softmax(theirs, -1).transpose(0, 1), padded, lens, token_lens, reduction="none", zero_infinity=True
        )
        torch.testing.assert_close(found, expected)
        weights = torch.rand(len(tokens), dtype=torch.float64)
        (found * weights).sum().backward()
        (expected * weights).sum().backward()
        torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-10, rtol=1e-8)

    def test_equals_the_library_over_lengths(self):
        self.compare([[1, 2, 3], [4], [5, 5, 2, 1, 1]], [9, 4, 12])

    def test_repeated_tokens_need_a_blank_between_them(self):
        self.compare([[2, 2], [3, 3, 3]], [3, 7])

    def test_no_tokens_are_blanks_throughout(self):
        self.compare([[], [1, 2]], [5, 5])

    def test_an_utterance_too_short_for_its_tokens_counts_nothing(self):
        self.compare([[1, 2, 3, 4], [2, 2], [1]], [3, 2, 3])

    def test_many_random_ones(self):
        generator = torch.Generator().manual_seed(1)
        for seed in range(20):
            sizes = torch.randint(0, 7, (4,), generator=generator).tolist()
            tokens = [torch.randint(1, 6, (n,), generator=generator).tolist() for n in sizes]
            lens = [max(1, n + int(torch.randint(0, 9, (), generator=generator))) for n in sizes]
            self.compare(tokens, lens, seed=seed)


if __name__ == "__main__":
    unittest.main()
