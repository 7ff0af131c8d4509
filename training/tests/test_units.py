import tempfile
import unittest
from pathlib import Path

import torch

from training.config import Config, to_tree
from training.data.corpus import Corpus, CorpusWriter
from training.data.texts import training_texts
from training.tests.support import UNITS, tiny_model, tiny_model_config
from training.train.warm_start import start_from
from training.units.learn import learn_units
from training.units.text import Units, read_units, units_of

TEXTS = ["THREE HUNDRED TWENTY", "A B C", "HUNDRED AND THREE", "IT'S THE THIRD"] * 5


class UnitsTest(unittest.TestCase):
    def test_characters_have_the_space_between_words(self):
        ids = UNITS.encode("it's a")
        self.assertEqual([UNITS.pieces[i] for i in ids], list("IT'S▁A"))
        self.assertEqual((UNITS.kind, UNITS.decode(ids), UNITS.encode("")), ("char", "IT'S A", []))

    def test_frequent_words_become_one_unit_and_every_text_can_be_spelled(self):
        units = learn_units(TEXTS, 80)
        self.assertEqual((units.kind, len(units), units.pieces[:2], units.pieces[-1]), ("bpe", 80, ("<blank>", "<unk>"), "<sos/eos>"))
        self.assertEqual([units.pieces[i] for i in units.encode("three hundred")], ["▁THREE", "▁HUNDRED"])
        for text in (*TEXTS, "QUICK FOX'S JOB", "Z"):
            self.assertEqual(units.decode(units.encode(text)), text)
            self.assertNotIn(units.ids["<unk>"], units.encode(text))

    def test_the_longest_piece_that_fits_is_taken(self):
        units = Units(("<blank>", "<unk>", "▁A", "▁AB", "B", "C", "BC", "<sos/eos>"))
        self.assertEqual([units.pieces[i] for i in units.encode("ABC A BC")], ["▁AB", "C", "▁A", "<unk>", "BC"])

    def test_they_come_back_from_the_file_that_the_configuration_names(self):
        units = learn_units(TEXTS, 70)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "units.txt"
            path.write_text(units.file())
            self.assertEqual(read_units(path), units)
            self.assertEqual(units_of(Config(units=str(path))), units)
        self.assertEqual(units_of(Config()), UNITS)

    def test_copies_of_a_recording_count_once_and_a_corpus_as_often_as_told(self):
        facts = {"part": "train", "speaker": "s", "path": "p"}
        with tempfile.TemporaryDirectory() as folder:
            writer = CorpusWriter(Path(folder))
            for corpus, text, variant in (("a", "ONE", ""), ("a", "ONE", "mp3"), ("b", "TWO", ""), ("b", "", "")):
                writer.add(torch.zeros(10).numpy(), corpus=corpus, text=text, variant=variant, **facts)
            writer.add(torch.zeros(10).numpy(), corpus="a", text="HELD OUT", **(facts | {"part": "dev"}))
            writer.close()
            self.assertEqual(training_texts(Corpus(Path(folder)), {"b": 3}), ["ONE", "TWO", "TWO", "TWO"])


class OtherUnitsTest(unittest.TestCase):
    def test_new_units_begin_as_the_mean_of_those_that_spell_them(self):
        source, config = tiny_model(), tiny_model_config()
        units = learn_units(TEXTS, 80)
        config.vocabulary = 80
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "units.txt").write_text(units.file())
            target = tiny_model(config, seed=1)
            start_from(target, units, {"model": source.state_dict(), "config": to_tree(Config(model=tiny_model_config()))})
        old, new = source.state_dict(), target.state_dict()
        spelled = [UNITS.ids[c] for c in "▁AND"]
        decoders = ("decoder.left_decoder", "decoder.right_decoder")
        heads = ["ctc.ctc_lo.weight", "ctc.ctc_lo.bias"]
        heads += [f"{d}.{part}" for d in decoders for part in ("embed.0.weight", "output_layer.weight", "output_layer.bias")]
        for key in heads:
            self.assertTrue(torch.allclose(new[key][units.ids["▁AND"]], old[key][spelled].mean(0)), key)
            for special in ("<blank>", "<unk>", "<sos/eos>"):
                self.assertTrue(torch.equal(new[key][units.ids[special]], old[key][UNITS.ids[special]]), key)
        for key in set(old) - set(heads):
            self.assertTrue(torch.equal(new[key], old[key]), key)

    def test_any_other_difference_is_an_error(self):
        other = {"model": tiny_model().state_dict(), "config": to_tree(Config())}
        with self.assertRaises(RuntimeError):
            start_from(tiny_model(tiny_model_config(layers=3)), UNITS, other)


if __name__ == "__main__":
    unittest.main()
