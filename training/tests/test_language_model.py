import itertools
import math
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.language_model.kneser_ney import count, estimate, kept, smooth
from training.language_model.ngram_file import shape_of
from training.language_model.pruning import losses, prune, prune_to
from training.tests.ngrams import BOUNDARY, Plain, grams, row, says, some_sentences, table, written


class KneserNeyTest(unittest.TestCase):
    def test_counts_what_stood_before_but_at_the_beginning_of_sentences(self):
        one, two = count([[1, 2], [3, 2], [1, 2]], 10, BOUNDARY, 2)
        self.assertEqual([one.count[t] for t in (1, 2, 3, BOUNDARY)], [1, 2, 1, 1])
        pairs = {(one.token[p], t): c for p, t, c in zip(two.parent, two.token, two.count)}
        self.assertEqual(pairs, {(1, 2): 2, (3, 2): 1, (2, 9): 3, (9, 1): 2, (9, 3): 1})

    def test_gives_the_probabilities_of_the_definition(self):
        sentences = some_sentences(many=60)
        plain = Plain(sentences, 3)
        with tempfile.TemporaryDirectory() as folder:
            model = written(estimate(sentences, 10, BOUNDARY, 3, cutoff=0), folder)
        for history in ([], [1], [1, 2], [2, 1, 1], [7, 7], [3, 5, 8], [8]):
            state = model.start
            for token in history:
                state, _ = model.step(state, token)
            for token in range(10):
                expected = math.log(plain.probability(tuple(history), token, 10))
                self.assertAlmostEqual(model.step(state, token)[1], expected, places=5)

    def test_probabilities_add_up_to_one_with_rare_n_grams_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            orders = estimate(some_sentences(), 10, BOUNDARY, 4, cutoff=1)
            whole = estimate(some_sentences(), 10, BOUNDARY, 4, cutoff=0)
            model = written(orders, folder)
        self.assertEqual([len(o.token) for o in orders[:2]], [len(o.token) for o in whole[:2]])
        self.assertNotIn(BOUNDARY, whole[1].parent)
        self.assertLess(len(orders[3].token), len(whole[3].token) / 2)
        for sentence in some_sentences(seed=5, many=20):
            state = model.start
            for token in sentence:
                state, _ = model.step(state, token)
                self.assertAlmostEqual(sum(math.exp(model.step(state, t)[1]) for t in range(10)), 1, delta=0.01)

    def test_with_an_n_gram_stay_its_beginning_and_its_end(self):
        orders = estimate(some_sentences(), 10, BOUNDARY, 4, cutoff=2)
        for left in (orders, prune(orders, 1e-4)):
            levels = grams(left)
            for shorter, here in itertools.pairwise(levels):
                self.assertEqual(here, sorted(here))
                for gram in here:
                    self.assertIn(gram[1:], shorter)


class PruningTest(unittest.TestCase):
    def test_what_is_left_out_backs_off_to_what_the_shorter_history_says(self):
        orders = estimate(some_sentences(), 10, BOUNDARY, 3, cutoff=0)
        pruned = prune(orders, 1e-3)
        self.assertLess(len(pruned[2].token), len(orders[2].token) / 2)
        with tempfile.TemporaryDirectory() as folder:
            model = written(pruned, folder)
        left, backoffs = table(pruned)
        for gram in set(grams(orders)[2]) - {g for g in left if len(g) == 3}:
            history = gram[:2]
            shorter = left.get(gram[1:], backoffs.get(gram[1:2], 0.0) + left[gram[2:]])
            self.assertAlmostEqual(says(model, [*history, gram[2]])[-1], backoffs.get(history, 0.0) + shorter, delta=0.02)

    def test_probabilities_still_add_up_to_one(self):
        orders = estimate(some_sentences(), 10, BOUNDARY, 4, cutoff=0)
        for threshold in (1e-5, 1e-3, 1.0):
            pruned = prune(orders, threshold)
            with tempfile.TemporaryDirectory() as folder:
                model = written(pruned, folder, score_bits=12)
            for sentence in some_sentences(seed=5, many=20):
                total = sum(math.exp(says(model, [*sentence, t])[-1]) for t in range(10))
                self.assertAlmostEqual(total, 1, delta=1e-3)
        self.assertEqual([len(order.token) for order in pruned], [10, 0, 0, 0])

    def test_what_is_left_out_is_counted_again_where_it_must_now_be_predicted(self):
        # After 1 as often as after 2 stands 3; as a pair it stood behind two tokens, as occurrences behind ten.
        sentences = [[1, 3]] * 5 + [[2, 3]] * 5 + [[1, 4], [2, 5]]
        orders = estimate(sentences, 10, BOUNDARY, 2, cutoff=0)
        self.assertEqual(orders[0].count[3], 2)
        self.assertEqual(prune(orders, 1.0)[0].count.tolist()[1:6], [6, 6, 10, 1, 1])
        self.assertEqual(prune(orders, 0.0)[0].count[3], 2)

    def test_a_loss_is_the_relative_entropy_to_the_model_without_the_n_gram(self):
        orders = estimate(some_sentences(many=2000), 10, BOUNDARY, 2, cutoff=0)
        pairs = orders[1]
        lost = losses(pairs, orders[0], 1.0)
        total = np.bincount(pairs.parent, pairs.count, 10) + orders[0].rest
        probabilities = {h: row(orders, h) for h in range(10)}
        for at, (h, w) in enumerate(zip(pairs.parent.tolist(), pairs.token.tolist())):
            others = {"keep": np.arange(len(pairs.token)) != at}
            rest = np.where(np.arange(10) == h, pairs.count[at], 0) + orders[0].rest
            _, without = kept([orders[0], replace(pairs, **others)])
            smooth(without, below := replace(orders[0], rest=rest))
            p, q = probabilities[h], row([below, without], h)
            # The others' rise is taken to first order, which makes it a little more than it is.
            more = total[h] * float((p * np.log(p / q)).sum()) - lost[at]
            self.assertGreaterEqual(more, -1e-9)
            self.assertLessEqual(more, total[h] * float((np.delete(q - p, w) ** 2 / np.delete(p, w)).sum()) / 2 + 1e-9)
            self.assertGreaterEqual(lost[at], -1e-9)

    def test_leaves_out_no_more_than_the_size_asks_for(self):
        orders = estimate(some_sentences(many=3000), 10, BOUNDARY, 5, cutoff=0)
        size = lambda orders: shape_of(orders).bytes  # noqa: E731
        with tempfile.TemporaryDirectory() as folder:
            for share in (0.9, 0.6):
                most = share * size(orders)
                pruned, threshold = prune_to(orders, size, most)
                written(pruned, folder)
                self.assertEqual((Path(folder) / "lm.bin").stat().st_size, size(pruned))
                self.assertTrue(0.98 * most < size(pruned) <= most)
                self.assertEqual(size(prune(orders, threshold)), size(pruned))
        self.assertEqual(prune_to(orders, size, size(orders)), (orders, 0.0))
        with self.assertRaisesRegex(ValueError, "too large already"):
            prune_to(orders, size, 1000)


if __name__ == "__main__":
    unittest.main()
