import tempfile
import unittest
from pathlib import Path

import torch

from training import checkpoint
from training.importing.punctuator import import_punctuator
from training.punctuation.config import NetConfig, PunctuationConfig
from training.punctuation.export import export
from training.config import to_tree
from training.punctuation.corpus import FORMS, TOKENS
from training.punctuation.model import CASES, MARKS, Punctuator

PIECES = ["<pad>", "<unk>", "▁A", "▁YES", "S"]


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = Path(cls.temporary.name)
        cls.config = PunctuationConfig(net=NetConfig(size=16, piece_size=8, blocks=2, hidden=24, attention=[2], pair_rows=64, pair_size=8))
        cls.config.text.folder = str(folder / "text")
        Path(cls.config.text.folder).mkdir()
        (folder / "text" / TOKENS).write_text("".join(f"{piece} {id}\n" for id, piece in enumerate(PIECES)))
        (folder / "text" / FORMS).write_text("")
        torch.manual_seed(0)
        cls.model = Punctuator(cls.config.net, len(PIECES))
        content = {"model": cls.model.state_dict(), "config": to_tree(cls.config), "step": 7}
        checkpoint.save(folder / "step.pt", content)
        cls.pack = folder / "pack"
        biases = {"cases": [0.0] + [0.3] * (CASES - 1), "marks": [0.1] * MARKS}
        export([folder / "step.pt"], cls.pack, biases)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_weights_come_back_as_eight_bits_hold_them_and_without_the_biases(self):
        found = import_punctuator(self.pack, self.config).state_dict()
        for name, want in self.model.state_dict().items():
            rounding = want.abs().max().item() / 127 if want.numel() >= 256 else 1e-6
            self.assertLessEqual((found[name] - want).abs().max().item(), rounding, name)

    def test_another_size_is_refused_by_name(self):
        other = PunctuationConfig(net=NetConfig(size=24, piece_size=8, blocks=2, hidden=24, attention=[2], pair_rows=64, pair_size=8))
        with self.assertRaisesRegex(ValueError, r"piece_projection.weight is \(16, 8\), expected \(24, 8\)"):
            import_punctuator(self.pack, other)


if __name__ == "__main__":
    unittest.main()
