import math
import unittest

import numpy as np

from training.recognise.decoding import Hypothesis, Weights, final_scores, greedy_tokens, pack_hypotheses, prefix_beam
from training.units.text import ErrorRate, Units, normalise


class PrefixBeamTest(unittest.TestCase):
    def test_the_golden_vector(self):
        table = np.log(np.array([[0.25, 0.40, 0.35], [0.40, 0.35, 0.25], [0.10, 0.50, 0.40]]))
        order = np.argsort(-table, axis=1)
        found = prefix_beam(np.take_along_axis(table, order, 1), order, beam=3)
        self.assertEqual([h.tokens for h in found], [(2, 1), (1, 2), (1,)])
        for h, expected in zip(found, (0.2185, 0.1550, 0.1525)):
            self.assertAlmostEqual(math.exp(h.ctc), expected, places=4)

    def test_sums_all_alignments_when_the_beam_is_wide(self):
        random = np.random.default_rng(3)
        table = np.log(random.dirichlet(np.ones(4), 6))
        order = np.argsort(-table, axis=1)
        found = prefix_beam(np.take_along_axis(table, order, 1), order, beam=5000)
        self.assertAlmostEqual(sum(math.exp(h.ctc) for h in found), 1.0, places=4)

    def test_no_frames_give_the_empty_hypothesis(self):
        found = prefix_beam(np.zeros((0, 4)), np.zeros((0, 4), int))
        self.assertEqual(found, [Hypothesis((), 0.0)])

    def test_greedy_joins_repeats_unless_a_blank_stands_between(self):
        self.assertEqual(greedy_tokens([0, 3, 3, 0, 3, 5, 5], blank=0), [3, 3, 5])


class RescoringTest(unittest.TestCase):
    def test_weighs_both_directions_and_ctc(self):
        nbest = [Hypothesis((4, 5), -1.0), Hypothesis((), -3.0)]
        found = final_scores(nbest, np.array([-2.0, -1.0]), np.array([-4.0, -3.0]), Weights(0.5, 0.25))
        self.assertEqual(found.tolist(), [-3.0, -3.0])

    def test_packs_behind_sos_and_pads_with_eos(self):
        hyps, lens = pack_hypotheses([Hypothesis((4, 5), 0.0), Hypothesis((), 0.0)], sos=8, eos=9)
        self.assertEqual(hyps.tolist(), [[8, 4, 5], [8, 9, 9]])
        self.assertEqual(lens.tolist(), [3, 1])


class TextTest(unittest.TestCase):
    def test_units_round_trip(self):
        units = Units()
        self.assertEqual(units.decode(units.encode("it's  GO")), "IT'S GO")
        self.assertEqual(units.file().splitlines()[0], "<blank> 0")

    def test_normalises_what_it_compares(self):
        self.assertEqual(normalise("Don’t, stop!"), "DON'T STOP")

    def test_error_rates_count_over_all_utterances(self):
        rate = ErrorRate()
        rate.add("ONE TWO THREE", "ONE TOO THREE FOUR")
        rate.add("YES", "")
        self.assertEqual((rate.word_errors, rate.words), (3, 4))
        self.assertEqual(rate.wer, 75.0)


if __name__ == "__main__":
    unittest.main()
