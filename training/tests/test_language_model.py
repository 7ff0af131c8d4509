import io
import itertools
import json
import math
import random
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import yaml

from training.config import to_tree
from training.data.corpus import Corpus, CorpusWriter
from training.data.reading import written_sentences
from training.language_model import learn
from training.language_model.kneser_ney import count, discounts, estimate
from training.language_model.ngram_file import CODEBOOK, NgramModel, quantise, write_ngrams
from training.recognise.decoding import Language, LanguageWeights, prefix_beam
from training.tests.support import UNITS, make_corpus, tiny_config
from training.units.text import Units

BOUNDARY = 9


def some_sentences(seed: int = 1, many: int = 300) -> list[list[int]]:
    r = random.Random(seed)
    return [[r.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 7]) for _ in range(r.randint(0, 7))] for _ in range(many)]


class Plain:
    """Interpolated modified Kneser-Ney as the paper writes it down, with nothing left out."""

    def __init__(self, sentences: list[list[int]], order: int):
        self.counts: dict[tuple[int, ...], int] = {}
        raw: dict[tuple[int, ...], int] = {}
        for sentence in sentences:
            s = (BOUNDARY, *sentence, BOUNDARY)
            for at, length in itertools.product(range(len(s)), range(1, order + 1)):
                if at + length <= len(s) and (length > 1 or at > 0):
                    raw[s[at : at + length]] = raw.get(s[at : at + length], 0) + 1
        for gram, occurred in raw.items():
            before = len({longer[0] for longer in raw if longer[1:] == gram})
            begins = len(gram) > 1 and gram[0] == BOUNDARY
            self.counts[gram] = occurred if len(gram) == order or begins else before
        by_order = [np.array([c for g, c in self.counts.items() if len(g) == n] or [1]) for n in range(1, order + 1)]
        self.discounts = [discounts(counts) for counts in by_order]
        self.order = order

    def probability(self, history: tuple[int, ...], token: int, vocabulary: int) -> float:
        history = history[-self.order + 1 :] if self.order > 1 else ()
        following = {g[-1]: c for g, c in self.counts.items() if g[:-1] == history}
        shorter = self.probability(history[1:], token, vocabulary) if history else 1 / vocabulary
        if not following:
            return shorter
        d = self.discounts[len(history)]
        kept = {t: max(c - d[min(c, 3)], 0) for t, c in following.items()}
        total = sum(following.values())
        return kept.get(token, 0) / total + (total - sum(kept.values())) / total * shorter


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
        texts = [{(t,) for t in range(10)}]
        names = [(t,) for t in range(10)]
        for order in orders[1:]:
            here = [(*names[p], int(t)) for p, t in zip(order.parent, order.token)]
            self.assertEqual(here, sorted(here))
            for gram in here:
                self.assertIn(gram[1:], texts[-1])
            texts, names = [*texts, set(here)], here


class FileTest(unittest.TestCase):
    def test_few_values_are_kept_exactly_and_many_nearly(self):
        few = np.log(np.arange(1, 200) / 200)
        codebook, codes = quantise(few)
        np.testing.assert_allclose(codebook[codes], few, rtol=1e-6)
        many = np.random.default_rng(1).normal(-5, 2, 100_000)
        codebook, codes = quantise(many)
        self.assertEqual(len(np.unique(codes)), CODEBOOK)
        self.assertLess(np.abs(codebook[codes] - many).mean(), 0.02)

    def test_another_file_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lm.bin"
            path.write_bytes(b"x" * 100)
            with self.assertRaisesRegex(ValueError, "is not version 1 of a file of n-grams"):
                NgramModel(path, BOUNDARY)


class SearchTest(unittest.TestCase):
    def test_adds_what_the_model_says_to_the_sum_over_alignments(self):
        table = np.log(np.random.default_rng(3).dirichlet(np.ones(4), 5))
        order = np.argsort(-table, axis=1)
        with tempfile.TemporaryDirectory() as folder:
            language = Language(written(estimate(some_sentences(), 10, BOUNDARY, 3), folder), LanguageWeights(0.7, 0.3, 0.5))
        best = np.take_along_axis(table, order, 1), order
        heard = {h.tokens: h.ctc for h in prefix_beam(*best, beam=5000)}
        found = prefix_beam(*best, beam=5000, language=language)
        self.assertEqual({h.tokens for h in found}, set(heard))
        self.assertEqual([h.ctc for h in found], sorted((h.ctc for h in found), reverse=True))
        for h in found:
            state, said = language.model.start, 0.0
            for token in h.tokens:
                state, log_prob = language.model.step(state, token)
                said += 0.7 * log_prob - 0.3 * language.model.prior[token] + 0.5
            self.assertAlmostEqual(h.ctc, heard[h.tokens] + said, places=9)


class CommandTest(unittest.TestCase):
    def test_writes_a_model_of_what_is_said_and_of_other_texts(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = tiny_config(folder / "data", make_corpus(folder / "tones"))
            writer = CorpusWriter(folder / "data")
            facts = {"corpus": "tones", "speaker": "s", "path": "p"}
            for text, part in (("YES", "train"), ("YES NO", "train"), ("GO AND SEE WHO IS THERE NOW", "dev")):
                writer.add(np.zeros(10), text=text, part=part, **facts)
            writer.close()
            (folder / "config.yaml").write_text(yaml.safe_dump(to_tree(config)))
            (folder / "book.txt").write_text("Yes, he said. Go and see who is there, now! In 1815 he came. Maybe.")
            sys.argv = ["language_model", "--config", f"{folder}/config.yaml", "--texts", f"{folder}/book.txt"]
            sys.argv += ["--order", "3", "--cutoff", "0", "--output", f"{folder}/lm.bin"]
            with redirect_stdout(io.StringIO()) as printed:
                learn.main()
            model = NgramModel(folder / "lm.bin", len(UNITS) - 1)
            facts = json.loads(printed.getvalue())
            priors = learn.prior_of(Corpus(folder / "data"), UNITS, config)
        self.assertEqual((len(facts["ngrams"]), facts["ngrams"][0]), (3, len(UNITS)))
        self.assertGreater(log_prob(model, "YES"), log_prob(model, "YON"))
        self.assertGreater(log_prob(model, "MAYBE"), log_prob(model, "MABYE"))
        np.testing.assert_allclose(model.prior, priors, rtol=1e-6)
        # Two of the nine units that are said, and half a count for each unit that there is.
        self.assertAlmostEqual(math.exp(model.prior[UNITS.ids["E"]]), 2.5 / (9 + len(UNITS) / 2), places=6)

    def test_spells_texts_as_they_are_trained_on(self):
        pieces = Units(("<blank>", "<unk>", "▁A", "▁AB", "B", "▁", "C", "<sos/eos>"))
        for units in (UNITS, pieces):
            texts = ["AB B CAB", "AB", ""]
            self.assertEqual(list(learn.spell(units, texts)), [units.encode(text) for text in texts])

    def test_what_held_out_recordings_say_is_left_out_and_what_has_figures(self):
        text = "Yes, he said. Go and see who is there, now! In 1815 he came. Maybe."
        self.assertEqual(list(written_sentences([text], ["GO AND SEE WHO IS THERE"])), ["MAYBE", "YES HE SAID"])


def written(orders: list, folder: str) -> NgramModel:
    path = Path(folder) / "lm.bin"
    write_ngrams(orders, np.log(np.full(10, 0.1)), path)
    return NgramModel(path, BOUNDARY)


def log_prob(model: NgramModel, text: str) -> float:
    state, total = model.start, 0.0
    for token in (*UNITS.encode(text), model.start):
        state, found = model.step(state, token)
        total += found
    return total
