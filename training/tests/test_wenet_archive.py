import tempfile
import unittest
import zipfile
from pathlib import Path

import torch

from training.tests.support import tiny_model, tiny_model_config
from training.tests.wenet_archive import is_linear, save_archive
from training.importing.wenet.checkpoint import read_state
from training.importing.wenet.problems import UnsupportedError


class ArchiveTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.state = tiny_model(tiny_model_config()).state_dict()

    def refused(self, path: Path) -> str:
        with self.assertRaises(UnsupportedError) as raised:
            read_state(path)
        message = str(raised.exception)
        self.assertIn(str(path), message)
        return message

    def test_a_checkpoint_and_an_archive_of_it_hold_the_same(self):
        torch.save(self.state, self.folder / "final.pt")
        save_archive(self.state, self.folder / "final.zip")
        for name in ("final.pt", "final.zip"):
            state, quantised = read_state(self.folder / name)
            self.assertFalse(quantised)
            self.assertEqual(set(state), set(self.state))
            for key, value in self.state.items():
                self.assertTrue(torch.equal(state[key], value), key)

    def test_a_quantised_archive_gives_its_linear_layers_as_8_bits_hold_them(self):
        save_archive(self.state, self.folder / "final.zip", quantised=True)
        state, quantised = read_state(self.folder / "final.zip")
        self.assertTrue(quantised)
        self.assertEqual(set(state), set(self.state))
        rounded = 0
        for key, value in self.state.items():
            if key.endswith(".weight") and is_linear(self.state, key.removesuffix(".weight")):
                step = (value.max() - value.min()).item() / 200  # of per-tensor 8 bits, with some room
                self.assertLess((state[key] - value).abs().max().item(), step, key)
                rounded += not torch.equal(state[key], value)
            else:
                self.assertTrue(torch.equal(state[key], value), key)
        self.assertGreater(rounded, 20)

    def test_a_frozen_archive_is_refused_with_what_to_give_instead(self):
        save_archive(self.state, self.folder / "final.zip", frozen=True)
        self.assertIn("give the checkpoint, final.pt", self.refused(self.folder / "final.zip"))

    def test_a_damaged_archive_is_refused_with_what_to_give_instead(self):
        save_archive(self.state, self.folder / "whole.zip")
        with zipfile.ZipFile(self.folder / "whole.zip") as whole, zipfile.ZipFile(self.folder / "final.zip", "w") as part:
            for name in whole.namelist():
                if "/data/" not in name:
                    part.writestr(name, whole.read(name))
        self.assertIn("give the checkpoint, final.pt", self.refused(self.folder / "final.zip"))

    def test_other_files_are_refused_in_a_sentence(self):
        (self.folder / "text.pt").write_text("not a checkpoint")
        (self.folder / "empty.pt").write_bytes(b"")
        with zipfile.ZipFile(self.folder / "other.zip", "w") as other:
            other.writestr("final.pt", "not here")
        torch.save([1, 2], self.folder / "list.pt")
        torch.save(tiny_model(), self.folder / "whole-model.pt")
        for name in ("text.pt", "empty.pt", "other.zip", "whole-model.pt"):
            self.assertIn("not a PyTorch checkpoint of plain weights", self.refused(self.folder / name))
        self.assertIn("no weights in it", self.refused(self.folder / "list.pt"))
        self.assertIn("no such file", self.refused(self.folder / "missing.pt"))


if __name__ == "__main__":
    unittest.main()
