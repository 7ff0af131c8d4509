import io
import json
import lzma
import math
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import yaml

from training.config import to_tree
from training.data.corpus import Corpus, CorpusWriter
from training.data.reading import read_text, written_sentences
from training.data.spoken_numbers import say_figures
from training.language_model import learn
from training.language_model.ngram_file import NgramModel
from training.tests.ngrams import log_prob
from training.tests.support import UNITS, make_corpus, tiny_config
from training.units.text import Units


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
                learn.main()
            sys.argv += ["--commands", "300", "--megabytes", "0.004", "--output", f"{folder}/small.bin"]
            with redirect_stdout(io.StringIO()) as printed_small:
                learn.main()
            small = NgramModel(folder / "small.bin", len(UNITS) - 1)
            self.assertLessEqual((folder / "small.bin").stat().st_size, 4000)
            model = NgramModel(folder / "lm.bin", len(UNITS) - 1)
            facts = json.loads(printed.getvalue())
            priors = learn.prior_of(Corpus(folder / "data"), UNITS, config)
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
            self.assertEqual(list(learn.spell(units, texts)), [units.encode(text) for text in texts])

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


if __name__ == "__main__":
    unittest.main()
