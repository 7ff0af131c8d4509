import json
import os
import shutil
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np

from training.language_model.kneser_ney import estimate
from training.language_model.ngram_file import NgramModel, pack, quantise, unpack
from training.language_model.pruning import prune
from training.recognise.decoding import Language, LanguageWeights, prefix_beam
from training.tests.ngrams import BOUNDARY, GOLDEN, says, some_sentences, written


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
        """test/src/asr/language-model/written-ngrams.test.ts reads this file and these values too. GOLDEN=write writes them."""
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


if __name__ == "__main__":
    unittest.main()
