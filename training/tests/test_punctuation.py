import lzma
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from training.punctuation.commands import command_documents
from training.punctuation.config import NetConfig, PunctuationConfig, load_config
from training.punctuation.corpus import TextCorpus
from training.punctuation.documents import DEVELOPMENT, TEST, TRAIN, assign, kinds, read_documents
from training.punctuation.errors import IGNORED, Words, with_errors
from training.punctuation.export import NO_BIASES, difference, export
from training.punctuation.graph import save_punctuator
from training.punctuation.labels import LISTED, LOWER, MARKS, NONE, QUESTION, STOP, TITLE, UPPER
from training.punctuation.measure import Measure
from training.punctuation.model import Punctuator
from training.punctuation.pack import Pack
from training.punctuation.pauses import MANNERS, READ, UNKNOWN, draw_silences, features
from training.punctuation.pieces import Speller, learn_pieces
from training.punctuation.prepare import prepare
from training.punctuation.run import Run
from training.punctuation.scores import Scores
from training.punctuation.tune import together, tune_cases, tune_marks
from training.punctuation.windows import Windows

TINY = NetConfig(size=16, piece_size=12, blocks=2, hidden=24, kernel=5, heads=2, attention=[2], pair_rows=64, pair_size=8)
SENTENCES = ("The cat sat, and slept.", "Did NASA call McDonald?", "I'm here -- at last!", "We saw it; Tom did not.")


def write_texts(folder: Path, documents: int = 24) -> None:
    rows, lines = [], []
    for number in range(documents):
        paragraphs = [" ".join(SENTENCES[(number + n) % 4] for n in range(k, k + 3)) for k in range(4)]
        lines += paragraphs
        rows.append(("a.txt", "here", f"title {number}", "none", str(sum(len(p.split()) for p in paragraphs))))
    folder.mkdir(parents=True)
    (folder / "a.txt.xz").write_bytes(lzma.compress("".join(f"{line}\n" for line in lines).encode()))
    table = [("file", "repository", "title", "licence", "words"), *rows]
    (folder / "SOURCES.tsv").write_text("".join("\t".join(row) + "\n" for row in table))


def tiny_config(folder: Path) -> PunctuationConfig:
    config = PunctuationConfig(net=TINY)
    config.text.source, config.text.folder, config.text.pieces = str(folder / "texts"), str(folder / "data"), 90
    config.samples.lengths, config.train.batch_pieces = [40, 20], 160
    config.train.steps, config.train.checkpoint_every, config.train.evaluate_every = 6, 3, 3
    config.train.evaluate_batches, config.train.warmup = 2, 2
    return config


def prepared(folder: Path, commands: int = 0) -> PunctuationConfig:
    write_texts(folder / "texts")
    config = tiny_config(folder)
    config.text.commands = commands
    prepare(config)
    return config


def tiny_model(seed: int = 0) -> Punctuator:
    torch.manual_seed(seed)
    return Punctuator(TINY, 50).eval()


class DocumentsTest(unittest.TestCase):
    def test_whole_documents_are_held_out_and_titles_stay_together(self):
        listed = [(f"t{n // 2}", 100) for n in range(80)]
        parts = assign(listed, 300, 500, 1, "a")
        self.assertEqual({name: parts.count(name) for name in (DEVELOPMENT, TEST, TRAIN)}, {DEVELOPMENT: 4, TEST: 6, TRAIN: 70})
        self.assertEqual(parts[::2], parts[1::2])
        self.assertEqual(parts, assign(listed, 300, 500, 1, "a"))
        self.assertNotEqual(parts, assign(listed, 300, 500, 2, "a"))

    def test_a_list_that_is_not_the_files_is_an_error(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "texts"
            write_texts(folder)
            listed = kinds(folder)["a"]
            self.assertEqual(len(list(read_documents(folder, "a", listed))), 24)
            with self.assertRaises(ValueError):
                list(read_documents(folder, "a", [("title 0", listed[0][1] - 1)]))


class PiecesTest(unittest.TestCase):
    def test_every_word_of_letters_can_be_spelled(self):
        units = learn_pieces({"the": 50, "cat": 20, "there": 10, "it's": 5}, 70)
        self.assertEqual((len(units), units.pieces[0]), (70, "<pad>"))
        self.assertEqual(units.spell("▁the"), [units.ids["▁the"]])
        for word in ("zyx'q", "'tis", "qu"):
            self.assertNotIn(units.ids["<unk>"], units.spell("▁" + word))

    def test_words_of_an_array_are_spelled_one_after_the_other(self):
        units = learn_pieces({"the": 50, "cat": 20}, 60)
        pieces, lengths = Speller(units, ["the", "zoo", "cat"])(np.array([2, 1, 1]))
        expected = [units.spell("▁" + word) for word in ("cat", "zoo", "zoo")]
        self.assertEqual((pieces.tolist(), lengths.tolist()), (sum(expected, []), list(map(len, expected))))


class SamplesTest(unittest.TestCase):
    def test_silences_are_longest_at_sentence_ends(self):
        random = np.random.default_rng(0)
        marks = np.repeat([NONE, 1, STOP], 3000)
        for manner in MANNERS:
            drawn = [draw_silences(marks, np.zeros(9000, bool), random, manner).reshape(3, -1).mean(1) for _ in range(20)]
            mean = np.mean(drawn, 0)
            self.assertLess(4 * mean[0], mean[1])
            self.assertLess(2 * mean[1], mean[2])

    def test_readers_are_silent_as_often_as_measured(self):
        random = np.random.default_rng(0)
        marks = np.repeat([NONE, 1, STOP], 3000)
        silent = np.mean([(draw_silences(marks, np.zeros(9000, bool), random, READ) > 0.1).reshape(3, -1).mean(1) for _ in range(60)], 0)
        np.testing.assert_allclose(silent, [0.017, 0.474, 0.98], atol=0.06)

    def test_pauses_are_clipped_and_what_is_unknown_is_minus_one(self):
        found = features(np.array([UNKNOWN, 1.0]), np.array([0.5, 7.0]))
        self.assertEqual(found.tolist(), [[-1, 0.25], [0.5, 1]])

    def test_about_as_many_words_are_wrong_as_told_and_sentences_keep_their_ends(self):
        n = 5000
        cases, marks = np.tile([TITLE, LOWER, LOWER, LOWER], n // 4), np.tile([NONE, NONE, NONE, STOP], n // 4)
        x = Words(np.arange(n), cases, marks, np.zeros(n, bool))
        found = with_errors(x, 0.2, np.full(n, -1), np.random.default_rng(0))
        wrong, deleted = (found.words == -1).sum(), n - np.isin(np.arange(n), found.words).sum() - (found.words == -1).sum()
        self.assertAlmostEqual((wrong + max(deleted, 0)) / n, 0.2, delta=0.05)
        self.assertAlmostEqual((found.marks == STOP).sum() / (n // 4), 1, delta=0.03)
        after = np.flatnonzero(found.marks[:-1] == STOP) + 1
        self.assertGreater(np.isin(found.cases[after], (TITLE, IGNORED)).mean(), 0.98)
        self.assertTrue(np.isin(found.cases[found.words == -1], (TITLE, IGNORED)).all())

    def test_windows_follow_from_seed_and_number_and_hold_what_the_texts_say(self):
        with tempfile.TemporaryDirectory() as name:
            config = prepared(Path(name))
            corpus = TextCorpus(Path(config.text.folder))
            config.samples.wrong = 0.0
            windows = Windows(corpus, corpus.speller(), TRAIN, config.samples, {}, 1)
            first, again, other = (windows.batch(number, 160) for number in (0, 0, 1))
            self.assertTrue(torch.equal(first.pieces, again.pieces))
            self.assertFalse(first.pieces.shape == other.pieces.shape and torch.equal(first.pieces, other.pieces))
            said = " ".join(SENTENCES).lower()
            written = {"i'm": TITLE, "nasa": UPPER, "mcdonald": LISTED, "cat": LOWER}
            for row in range(len(first.pieces)):
                length = int(first.lens[row])
                words = corpus.units.decode(first.pieces[row, :length].tolist()).split()
                self.assertEqual((first.marks[row] != IGNORED).sum(), len(words))
                self.assertTrue((first.pieces[row, length:] == 0).all())
                cases = first.cases[row][first.cases[row] != IGNORED].tolist()
                for word, case in zip(words, cases):
                    self.assertIn(word, said)
                    self.assertEqual(case, written.get(word, case))


class PrepareTest(unittest.TestCase):
    def test_commands_are_sentences_with_letters_and_months_as_they_are_written(self):
        documents = list(command_documents(20_000, seed=1))
        self.assertEqual(len(documents), 4)
        paragraphs = [p for document in documents for p in document]
        written = " ".join(s + MARKS[m] for p in paragraphs for s, m in zip(p.surfaces, p.marks))
        for sentence in ("Erase", "Four five six", "In September", "Stop"):
            self.assertIn(f". {sentence}", written)
        self.assertRegex(written, r"\. [A-Z] [A-Z] [A-Z]")
        self.assertNotRegex(written, r"\. [a-z]|[^.] [a-z](?: |\.)|january")
        self.assertEqual([p.words for p in paragraphs], [[s.lower() for s in p.surfaces] for p in paragraphs])

    def test_held_out_documents_are_in_no_training_window_and_forms_are_listed(self):
        with tempfile.TemporaryDirectory() as name:
            config = prepared(Path(name), commands=60_000)
            corpus = TextCorpus(Path(config.text.folder))
            self.assertEqual(corpus.forms, {"mcdonald": "McDonald"})
            parts = [place.part for place in corpus.places]
            self.assertTrue(all(parts.count(part) >= 1 for part in (TRAIN, DEVELOPMENT, TEST)))
            self.assertEqual(corpus.places[-1].end, len(corpus.words))
            commands = [place.part for place in corpus.places if place.kind == "commands"]
            self.assertEqual([commands.count(part) for part in (TRAIN, DEVELOPMENT, TEST)], [10, 1, 1])
            self.assertEqual(len(corpus.words), len(corpus.labels))
            windows = Windows(corpus, corpus.speller(), TRAIN, config.samples, {}, 1)
            random = np.random.default_rng(0)
            drawn = {windows._anywhere(random) for _ in range(500)}
            self.assertEqual({place.part for place, _ in drawn}, {TRAIN})
            self.assertTrue(all(place.start <= start < place.end for place, start in drawn))


class ModelTest(unittest.TestCase):
    def test_the_graph_computes_what_the_model_does(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "punctuator.onnx"
            save_punctuator(tiny_model().state_dict(), TINY, path, bits=32)
            self.assertLess(difference(tiny_model(), path), 1e-5)
            self.assertGreater(difference(tiny_model(seed=1), path), 1e-3)
            exact = path.stat().st_size
            save_punctuator(tiny_model().state_dict(), TINY, path, bits=8)
            self.assertLess(difference(tiny_model(), path), 0.05)
            self.assertLess(path.stat().st_size, exact)

    def test_padding_does_not_change_what_is_inside(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "punctuator.onnx"
            save_punctuator(tiny_model().state_dict(), TINY, path)
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        pieces, pauses = np.arange(1, 8)[None], np.full((1, 7, 2), 0.2, np.float32)
        alone = session.run(None, {"pieces": pieces, "lens": np.array([7]), "pauses": pauses})
        padded, silent = np.zeros((2, 256), np.int64), np.full((2, 256, 2), -1, np.float32)
        padded[0, :7], silent[0, :7], padded[1] = pieces, pauses, 5
        together = session.run(None, {"pieces": padded, "lens": np.array([7, 256]), "pauses": silent})
        for one, many in zip(alone, together):
            np.testing.assert_allclose(one[0], many[0, :7], atol=1e-5)
            np.testing.assert_allclose(np.exp(many[0, :7]).sum(-1), 1, atol=1e-5)


class RunTest(unittest.TestCase):
    def test_a_stopped_run_ends_with_the_same_weights_and_a_pack_of_it_labels_words(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = prepared(folder)
            whole = Run(config, folder / "whole", torch.device("cpu"))
            self.assertTrue(whole.train())
            stopped = Run(config, folder / "stopped", torch.device("cpu"))
            one_step = stopped._one_step

            def then_stop(batch):
                stopped._on_signal()
                return one_step(batch)

            stopped._one_step = then_stop
            self.assertFalse(stopped.train())
            self.assertEqual(stopped.step, 1)
            resumed = Run(config, folder / "stopped", torch.device("cpu"))
            self.assertEqual(resumed.step, 1)
            self.assertTrue(resumed.train())
            self.assert_same_weights(whole, resumed)
            export([folder / "whole" / f"step-{n:07}.pt" for n in (3, 6)], folder / "pack", NO_BIASES)
            pack = Pack(folder / "pack")
            cases, marks = pack.label(["the", "cat"] * 150)
            self.assertEqual((cases.shape, marks.shape), ((300, 4), (300, 8)))
            np.testing.assert_allclose(np.exp(marks).sum(1), 1, atol=1e-5)
            table = Measure(pack, TextCorpus(Path(config.text.folder)), 100, 1).table()
            self.assertEqual(set(table), {"text", "pauses", "free pauses", "wrong", "wrong, pauses", "wrong, free pauses"})
            self.assertEqual(set(table["text"]["a"]), {"comma", "stop", "question", "together", "capitals", "written"})

    def assert_same_weights(self, one: Run, other: Run) -> None:
        for key, value in one.model.state_dict().items():
            self.assertTrue(torch.equal(value, other.model.state_dict()[key]), key)

    def test_goes_on_from_other_weights_by_the_clock_with_batches_made_ahead(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = prepared(folder)
            first = Run(config, folder / "first", torch.device("cpu"))
            self.assertTrue(first.train())
            config.train.workers, config.train.steps = 1, 0
            budget = 0.05  # seconds: of steps there may be one or some
            further = Run(config, folder / "further", torch.device("cpu"), budget, folder / "first" / "last.pt")
            self.assert_same_weights(first, further)
            batches = iter(further._batches())
            ahead = next(batches)
            self.assertTrue(torch.equal(ahead.pieces, further.windows.batch(0, config.train.batch_pieces).pieces))
            self.assertTrue(further.train())
            self.assertGreaterEqual(further.seconds, budget)
            self.assertTrue((folder / "further" / f"step-{further.step:07}.pt").exists())

    def test_an_unknown_key_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "net.layers"):
            load_config([], ["net.layers=3"])


class ScoresTest(unittest.TestCase):
    def test_rarer_marks_count_as_the_scored_ones(self):
        scores = Scores()
        expected, found = np.array([NONE, 1, STOP, QUESTION, 4, 5, 6, 7]), np.array([1, 7, 4, QUESTION, STOP, 1, NONE, NONE])
        cases = np.array([LOWER, TITLE, UPPER, IGNORED, LOWER, LOWER, LISTED, LOWER])
        scores.add(cases, expected, np.array([LOWER, UPPER, LOWER, TITLE, TITLE, LOWER, TITLE, LOWER]), found)
        self.assertEqual(scores.f1(), {"comma": 0.6667, "together": 0.7692, "stop": 0.8, "question": 1.0, "capitals": 0.6667, "written": 0.5})

    def test_tuning_finds_a_better_balance(self):
        random = np.random.default_rng(0)
        marks = np.where(random.random(4000) < 0.3, STOP, NONE)
        odds = np.where(marks == STOP, 1.0, -1.0) + random.normal(0, 1.5, 4000) - 1.0
        log_probs = np.full((4000, 8), -20.0)
        log_probs[:, STOP] = -np.log1p(np.exp(-odds))
        log_probs[:, NONE] = -np.log1p(np.exp(odds))
        biases = tune_marks(marks, log_probs)
        self.assertGreater(biases[STOP], 0.2)
        before, after = (together(marks, (log_probs + b).argmax(1)) for b in (0.0, np.array(biases)))
        self.assertGreater(after, before + 0.01)
        cases = np.where(marks == STOP, TITLE, LOWER)
        self.assertEqual(tune_cases(cases, log_probs[:, [NONE, STOP, 4, 5]]), [0.0, *[biases[STOP]] * 3])


if __name__ == "__main__":
    unittest.main()
