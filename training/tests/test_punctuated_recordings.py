import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import soundfile

from training.punctuation.corpus import Place, TextCorpus, pack_labels
from training.punctuation.labels import COMMA, LOWER, NONE, QUESTION, STOP, TITLE
from training.punctuation.recordings import WrittenTexts, join, runs
from training.punctuation.silences import figures, silences
from training.tests.test_punctuation import prepared


class RecordingsTest(unittest.TestCase):
    def test_recordings_get_the_marks_and_capitals_of_the_place_where_their_words_are(self):
        with tempfile.TemporaryDirectory() as name:
            texts = WrittenTexts(TextCorpus(Path(prepared(Path(name)).text.folder)))
            found = texts.find([
                "the cat sat and slept did nasa call mcdonald".split(),
                "um the cat sat and slept did nasa call".split(),  # one word is not there
                "the cat sat and slept on a mat beside somebody else".split(),  # more than a fifth is not
                "it tom did not".split(),  # too few in a row
                "nobody ever wrote these words down".split(),
            ])
            self.assertEqual(sorted(found), [0, 1])
            self.assertEqual(found[0][0], "The cat sat, and slept. Did NASA call McDonald?")
            self.assertEqual(found[1][0], "um The cat sat, and slept. Did NASA call")
            self.assertIn(found[0][1], ("train", "development", "test"))
            self.assertRegex(found[0][2], r"^title \d+$")

    def test_titles_are_found_as_they_are_spoken(self):
        labels = pack_labels(np.array([TITLE, TITLE, LOWER, LOWER, LOWER]), np.array([NONE] * 4 + [STOP]))
        corpus = SimpleNamespace(vocabulary="mr quilter is the apostle".split(), words=np.arange(5), labels=labels, forms={})
        corpus.places = [Place("a", "title", "test", 0, 5)]
        found = WrittenTexts(corpus).find(["mister quilter is the apostle".split()])
        self.assertEqual(found[0][0], "Mister Quilter is the apostle.")

    def test_recordings_that_follow_each_other_are_joined(self):
        with tempfile.TemporaryDirectory() as name:
            rows = []
            for number, chapter in ((7, "a-1"), (8, "a-1"), (10, "a-1"), (11, "b-1")):
                path = f"{name}/{chapter}-{number:04}.wav"
                soundfile.write(path, np.full(1600, number, np.int16), 16000, subtype="PCM_16")
                rows.append((path, f"W{number}", f"W{number}.", "test", "title"))
            found = runs(rows[::-1])
            self.assertEqual([len(run) for run in found], [2, 1, 1])
            row = join(found[0], Path(name))
            self.assertEqual(row[1:], ("W7 W8", "W7. W8.", "test", "title"))
            samples, _ = soundfile.read(row[0], dtype="int16")
            self.assertEqual(samples.tolist(), [7] * 1600 + [8] * 1600)


class SilencesTest(unittest.TestCase):
    def test_lie_between_words_that_were_heard_as_written(self):
        heard = [{"word": word, "start": start, "end": start + 0.3} for word, start in (("WELL", 0), ("THAN", 1), ("YOU", 1.4), ("SAID", 1.8), ("NO", 3))]
        found = silences("Well, then you said? No.", heard)
        self.assertEqual([mark for mark, _ in found], [NONE, QUESTION])
        np.testing.assert_allclose([seconds for _, seconds in found], [0.1, 0.9])
        self.assertEqual([mark for mark, _ in silences("Well, than", heard)], [COMMA])

    def test_figures_are_of_silences_of_a_frame_or_more(self):
        share, median, sigma = figures(np.array([0, 0, 0.1, 0.4]))
        self.assertEqual(share, 0.5)
        self.assertAlmostEqual(median, 0.25)
        self.assertAlmostEqual(sigma, np.log(2))
        self.assertEqual(figures(np.zeros(3)), (0, 0, 0))


if __name__ == "__main__":
    unittest.main()
