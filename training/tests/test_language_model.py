import io
import itertools
import json
import lzma
import math
import os
import random
import shutil
import struct
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

from training import language_model
from training.config import to_tree
from training.data.corpus import Corpus, CorpusWriter
from training.data.reading import read_text, written_sentences
from training.data.spoken_numbers import say_figures
from training.decoding import Language, LanguageWeights, prefix_beam
from training.kneser_ney import Order, count, discounts, estimate, kept, smooth
from training.ngram_file import SCORE_BITS, NgramModel, pack, quantise, read_ngrams, shape_of, unpack, write_ngrams
from training.ngram_pruning import losses, prune, prune_to
from training.tests.support import UNITS, make_corpus, tiny_config
from training.text import Units

BOUNDARY = 9
GOLDEN = Path("test/fixtures/language-model")


def some_sentences(seed: int = 1, many: int = 300) -> list[list[int]]:
    r = random.Random(seed)
    return [[r.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 7]) for _ in range(r.randint(0, 7))] for _ in range(many)]


class Plain:
    """Interpolated modified Kneser-Ney as the paper writes it down, with nothing left out but beginnings: where they are not
    asked, a shorter n-gram counts as often as it began a sentence, and not once for that."""

    def __init__(self, sentences: list[list[int]], order: int):
        raw: dict[tuple[int, ...], int] = {}
        for sentence in sentences:
            s = (BOUNDARY, *sentence, BOUNDARY)
            for at, length in itertools.product(range(len(s)), range(1, order + 1)):
                if at + length <= len(s) and (length > 1 or at > 0):
                    raw[s[at : at + length]] = raw.get(s[at : at + length], 0) + 1
        counts: list[list[int]] = [[] for _ in range(order)]
        self.counts: dict[tuple[int, ...], int] = {}
        for gram, occurred in raw.items():
            longest = len(gram) == order or (len(gram) > 1 and gram[0] == BOUNDARY)
            counts[len(gram) - 1].append(occurred if longest else len({longer[0] for longer in raw if longer[1:] == gram}))
            began = raw.get((BOUNDARY, *gram), 1) - 1 if len(gram) < order else 0
            self.counts[gram] = counts[len(gram) - 1][-1] + began
        self.discounts = [discounts(np.array(of_order or [1])) for of_order in counts]
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


class FileTest(unittest.TestCase):
    def test_few_values_are_kept_exactly_and_many_nearly(self):
        few = np.log(np.arange(1, 200) / 200)
        codebook, codes = quantise(few, 256)
        np.testing.assert_allclose(codebook[codes], few, rtol=1e-6)
        many = np.random.default_rng(1).normal(-5, 2, 100_000)
        for size, error in ((256, 0.018), (64, 0.07)):
            codebook, codes = quantise(many, size)
            self.assertLessEqual(len(np.unique(codes)), size)
            self.assertLess(np.sqrt(((codebook[codes] - many) ** 2).mean()), error)

    def test_numbers_of_any_width_lie_one_after_the_other(self):
        random = np.random.default_rng(2)
        for bits in (3, 16, 18, 31, 32):
            values = random.integers(0, 1 << bits, 1001, dtype=np.uint32)
            words = pack(values, bits)
            self.assertEqual(len(words), -(-1001 * bits // 32) + 1)
            self.assertEqual(unpack(words, 1001, bits).tolist(), values.tolist())

    def test_another_file_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lm.bin"
            for content in (b"x" * 100, b"", b"NGLM\x03\0\0\0"):
                path.write_bytes(content)
                with self.assertRaisesRegex(ValueError, "is not version 1 or 2 of a file of n-grams"):
                    NgramModel(path, BOUNDARY)

    def test_the_engine_reads_the_same(self):
        """test/asr/language-model/written-ngrams.test.ts reads this file and these values too. GOLDEN=write writes them."""
        orders = prune(estimate(some_sentences(), 10, BOUNDARY, 4, cutoff=0), 3e-4)
        texts = some_sentences(seed=8, many=40)
        with tempfile.TemporaryDirectory() as folder:
            model = written(orders, folder)
            size = (Path(folder) / "lm.bin").stat().st_size
            if os.environ.get("GOLDEN") == "write":
                shutil.copyfile(Path(folder) / "lm.bin", GOLDEN / "ngrams.bin")
                rows = [{"tokens": text, "log_probs": [round(p, 5) for p in says(model, text)]} for text in texts]
                (GOLDEN / "ngrams.json").write_text(json.dumps({"vocabulary": 10, "boundary": BOUNDARY, "sentences": rows}) + "\n")
        golden = NgramModel(GOLDEN / "ngrams.bin", BOUNDARY)
        self.assertEqual((GOLDEN / "ngrams.bin").stat().st_size, size)
        for row in json.loads((GOLDEN / "ngrams.json").read_text())["sentences"]:
            np.testing.assert_allclose(says(golden, row["tokens"]), row["log_probs"], atol=1e-5)
            np.testing.assert_allclose(says(model, row["tokens"]), row["log_probs"], atol=1e-4)

    def test_the_file_of_packs_up_to_1_3_0_is_read(self):
        books = np.zeros((3, 256), "<f4")
        books[0, :3], books[1, :2], books[2, :2] = (-1, -2, -3), (-0.25, -0.5), (0, -4)
        data = struct.pack("<4s3I2I3f", b"NGLM", 1, 2, 3, 3, 2, -1, -1, -1) + books.tobytes()
        data += struct.pack("<3H3B3B3H", 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 1, 1)  # 1 2 begins with 1, 2 0 with 2
        data += struct.pack("<2H2B", 2, 0, 0, 1)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "lm.bin").write_bytes(data)
            model = NgramModel(Path(folder) / "lm.bin", 0)
        self.assertEqual(says(model, [1, 2, 0, 2]), [-1, -0.25, -0.5, -2])
        self.assertEqual(says(model, [1, 1]), [-1, -5])


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
            (folder / "book.txt").write_text("Yes, he said. Go and see who is there, now! At 18:15 he came. Maybe.")
            sys.argv = ["language_model", "--config", f"{folder}/config.yaml", "--texts", f"{folder}/book.txt"]
            sys.argv += ["--order", "3", "--cutoff", "0", "--output", f"{folder}/lm.bin"]
            with redirect_stdout(io.StringIO()) as printed:
                language_model.main()
            sys.argv += ["--commands", "300", "--megabytes", "0.004", "--output", f"{folder}/small.bin"]
            with redirect_stdout(io.StringIO()) as printed_small:
                language_model.main()
            small = NgramModel(folder / "small.bin", len(UNITS) - 1)
            self.assertLessEqual((folder / "small.bin").stat().st_size, 4000)
            model = NgramModel(folder / "lm.bin", len(UNITS) - 1)
            facts = json.loads(printed.getvalue())
            priors = language_model.prior_of(Corpus(folder / "data"), UNITS, config)
        self.assertEqual((len(facts["ngrams"]), facts["ngrams"][0], facts["threshold"]), (3, len(UNITS), 0))
        self.assertGreater(json.loads(printed_small.getvalue())["threshold"], 0)
        self.assertGreater(log_prob(small, "JULY"), log_prob(model, "JULY"))
        self.assertGreater(log_prob(model, "YES"), log_prob(model, "YON"))
        self.assertGreater(log_prob(model, "MAYBE"), log_prob(model, "MABYE"))
        np.testing.assert_allclose(model.prior, priors, rtol=1e-6)
        # Two of the nine units that are said, and half a count for each unit that there is.
        self.assertAlmostEqual(math.exp(model.prior[UNITS.ids["E"]]), 2.5 / (9 + len(UNITS) / 2), places=6)

    def test_spells_texts_as_they_are_trained_on(self):
        pieces = Units(("<blank>", "<unk>", "▁A", "▁AB", "B", "▁", "C", "<sos/eos>"))
        for units in (UNITS, pieces):
            texts = ["AB B CAB", "AB", ""]
            self.assertEqual(list(language_model.spell(units, texts)), [units.encode(text) for text in texts])

    def test_what_held_out_recordings_say_is_left_out(self):
        text = "Yes, he said. Go and see who is there, now! In 1815 he came. Maybe."
        expected = ["IN EIGHTEEN FIFTEEN HE CAME", "MAYBE", "YES HE SAID"]
        self.assertEqual(list(written_sentences([text], ["GO AND SEE WHO IS THERE"])), expected)

    def test_reads_packed_files_and_one_paragraph_a_line(self):
        with tempfile.TemporaryDirectory() as folder:
            lines, book = Path(folder) / "lines.txt.xz", Path(folder) / "book.txt"
            lines.write_bytes(lzma.compress(b"CHAPTER ONE\nIt rained\nall day.\n"))
            book.write_text("CHAPTER ONE\n\nIt rained\nall day.\n")
            self.assertEqual(list(written_sentences([read_text(lines)], [])), ["ALL DAY", "CHAPTER ONE", "IT RAINED"])
            self.assertEqual(list(written_sentences([read_text(book)], [])), ["CHAPTER ONE", "IT RAINED ALL DAY"])


class FiguresTest(unittest.TestCase):
    def test_are_said_where_there_is_one_way_to(self):
        said = {
            "They paid $20 billion, and 20 years later $5.": "They paid twenty billion dollars, and twenty years later five dollars.",
            "It was $1.6 trillion.": "It was one point six trillion dollars.",
            "On July 4, 1776, they met.": "On July fourth, seventeen seventy six, they met.",
            "In 1905, from 1900 to 2008": "In nineteen oh five, from nineteen hundred to two thousand eight",
            "The 1930s, the 21st century": "The nineteen thirties, the twenty first century",
            "About 8.1 percent, or 61% of it": "About eight point one percent, or sixty one percent of it",
            "1,234,567 men had 5-year plans": "one million two hundred thirty four thousand five hundred sixty seven men had five year plans",
            "No figures (at all)": "No figures (at all)",
        }
        for written, expected in said.items():
            self.assertEqual(say_figures(written), expected)

    def test_are_a_reason_to_leave_the_sentence_out_elsewhere(self):
        for written in (
            "2: My answer is this",
            "Call 555-1234 now please",
            "At 10:30 we go home",
            "The 1842 page of it",
            "See section 401(k) plans",
            "It is $5.25 a piece",
            "The B-52 flew over us",
            "Chapter 12.",
            "It said 1/2 of it",
        ):
            self.assertIsNone(say_figures(written), written)


def written(orders: list[Order], folder: str, score_bits: int = SCORE_BITS) -> NgramModel:
    path = Path(folder) / "lm.bin"
    write_ngrams(orders, np.log(np.full(10, 0.1)), path, score_bits)
    return NgramModel(path, BOUNDARY)


def says(model: NgramModel, sentence: list[int]) -> list[float]:
    """Log probability of each token."""
    state, log_probs = model.start, []
    for token in sentence:
        state, found = model.step(state, token)
        log_probs.append(found)
    return log_probs


def grams(orders: list[Order]) -> list[list[tuple[int, ...]]]:
    """The n-grams of each order, as they are numbered."""
    levels: list[list[tuple[int, ...]]] = [[()]]
    for order in orders:
        levels.append([(*levels[-1][parent], int(token)) for parent, token in zip(order.parent, order.token)])
    return levels[1:]


def table(orders: list[Order]) -> tuple[dict[tuple[int, ...], float], dict[tuple[int, ...], float]]:
    """Log probabilities and backoff weights by n-gram."""
    levels = grams(orders)
    log_probs = {gram: p for level, order in zip(levels, orders) for gram, p in zip(level, order.log_prob)}
    return log_probs, {gram: b for level, order in zip(levels, orders[:-1]) for gram, b in zip(level, order.backoff)}


def row(pairs: list[Order], history: int) -> np.ndarray:
    """Probability of every token after one, float64 [V]."""
    here = pairs[1].parent == history
    probabilities = np.exp(pairs[0].backoff[history] + pairs[0].log_prob)
    probabilities[pairs[1].token[here]] = np.exp(pairs[1].log_prob[here])
    return probabilities


def log_prob(model: NgramModel, text: str) -> float:
    state, total = model.start, 0.0
    for token in (*UNITS.encode(text), model.start):
        state, found = model.step(state, token)
        total += found
    return total
