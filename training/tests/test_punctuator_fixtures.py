"""The punctuators that the engine's tests read are what the recipe makes. GOLDEN=write writes them."""

import hashlib
import json
import os
import tempfile
import unittest
from pathlib import Path

import numpy as np

from training.export.punctuator import add_punctuator
from training.punctuation.labels import COMMA, LISTED, LOWER, NONE, QUESTION, STOP, TITLE, UPPER
from training.punctuation.pack import GRAPH, Pack
from training.tests.punctuators import FIXTURES, write_by_hand, write_random


class FixturesTest(unittest.TestCase):
    def test_the_random_one_gives_what_its_golden_values_say(self):
        if os.environ.get("GOLDEN") == "write":
            write_random(FIXTURES / "random")
        with tempfile.TemporaryDirectory() as name:
            write_random(Path(name))
            self.assertEqual((Path(name) / GRAPH).stat().st_size, (FIXTURES / "random" / GRAPH).stat().st_size)
        pack = Pack(FIXTURES / "random")
        for text in json.loads((FIXTURES / "random" / "golden.json").read_text()):
            found = pack.label(text["words"], np.array(text["pauses"], np.float32))
            for values, expected in zip(found, (text["cases"], text["marks"])):
                np.testing.assert_allclose(values, expected, atol=2e-4)

    def test_a_model_pack_lists_the_punctuator_that_is_put_into_it(self):
        with tempfile.TemporaryDirectory() as name:
            pack = Path(name)
            (pack / "model.json").write_text(json.dumps({"name": "a", "files": {"tokens.txt": {"bytes": 1}}}))
            for _ in range(2):
                add_punctuator(FIXTURES / "by-hand", pack)
            files = json.loads((pack / "model.json").read_text())["files"]
            added = [f"punctuator.{ending}" for ending in ("json", "onnx", "tokens.txt", "words.txt")]
            self.assertEqual(list(files), ["tokens.txt", *added])
            for file in added:
                content = (pack / file).read_bytes()
                self.assertEqual(content, (FIXTURES / "by-hand" / file).read_bytes())
                self.assertEqual(files[file]["sha256"], hashlib.sha256(content).hexdigest())

    def test_the_one_set_by_hand_does_what_it_says(self):
        if os.environ.get("GOLDEN") == "write":
            write_by_hand(FIXTURES / "by-hand")
        after = [0.0, 0.0, 0.2, 0.0, 1.0, 0.0, 0.4, 0.0, 0.8, 0.05, 0.4]  # seconds
        words = "does mcdonald live there nina yes right says nasa so there".split()
        pauses = np.array([[-1 if n == 0 else after[n - 1] / 2, seconds / 2] for n, seconds in enumerate(after)], np.float32)
        cases, marks = (x.argmax(1).tolist() for x in Pack(FIXTURES / "by-hand").label(words, pauses))
        self.assertEqual(cases, [LOWER, LISTED, LOWER, LOWER, TITLE, LOWER, LOWER, LOWER, UPPER, LOWER, LOWER])
        self.assertEqual(marks, [NONE, NONE, COMMA, NONE, STOP, NONE, QUESTION, NONE, STOP, NONE, QUESTION])


if __name__ == "__main__":
    unittest.main()
