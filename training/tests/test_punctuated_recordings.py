import tempfile
import unittest
from pathlib import Path

from training.punctuation.corpus import TextCorpus
from training.punctuation.recordings import WrittenTexts
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


if __name__ == "__main__":
    unittest.main()
