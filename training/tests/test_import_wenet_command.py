import contextlib
import io
import json
import sys
import tempfile
import unittest
from collections.abc import Sequence
from pathlib import Path

import torch
import yaml

from training.config import Config
from training.importing.pack import import_pack
from training.importing.wenet import convert
from training.tests.support import tiny_model
from training.tests.test_import_wenet import MOE, our_config, train_yaml
from training.tests.wenet_archive import save_archive


class CommandTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_a_checkpoint_folder_becomes_a_pack(self):
        config = our_config(experts=4)
        source = tiny_model(config)
        changes = {f"{part}__{key}": value for part in ("encoder_conf", "decoder_conf") for key, value in MOE.items()}
        self.write(source.state_dict(), train_yaml(**changes))
        self.run_import("pack", more=["--ctc-weight", "0.3", "--reverse-weight", "0.5"])
        manifest = json.loads((self.folder / "pack" / "model.json").read_text())
        self.assertEqual((manifest["vocabulary"]["kind"], manifest["vocabulary"]["eos_id"]), ("bpe", 39))
        self.assertEqual((manifest["defaults"]["ctc_weight"], manifest["defaults"]["reverse_weight"]), (0.3, 0.5))
        back = import_pack(self.folder / "pack", Config(model=config)).state_dict()
        for name, value in source.state_dict().items():
            self.assertTrue(torch.allclose(back[name], value, atol=2e-3), name)
        (self.folder / "train.yaml").write_text(yaml.safe_dump(train_yaml(encoder="zipformer")))
        self.assertIn("zipformer", self.run_refused("other"))
        self.assertFalse((self.folder / "other").exists())

    def test_a_quantised_archive_becomes_a_pack_and_that_is_said(self):
        config = our_config()
        source = tiny_model(config)
        self.write(source.state_dict(), train_yaml())
        save_archive(source.state_dict(), self.folder / "final.zip", quantised=True)
        (self.folder / "units.txt").rename(self.folder / "words.txt")
        self.assertIn("quantised", self.run_import("pack", "final.zip"))
        back = import_pack(self.folder / "pack", Config(model=config)).state_dict()
        for name, value in source.state_dict().items():
            close = value.abs().max().item() / 100 + 2e-3
            self.assertTrue(torch.allclose(back[name], value, atol=close), name)

    def test_names_the_file_that_is_missing_beside_the_checkpoint(self):
        self.write(tiny_model(our_config()).state_dict(), train_yaml())
        (self.folder / "units.txt").unlink()
        self.assertIn("no units.txt or words.txt beside", self.run_refused("pack"))
        (self.folder / "train.yaml").unlink()
        self.assertIn("no train.yaml beside", self.run_refused("pack"))

    def test_a_model_trained_without_statistics_takes_features_as_they_are(self):
        state = tiny_model(our_config()).state_dict()
        for name in ("mean", "istd"):
            del state[f"encoder.global_cmvn.{name}"]
        self.write(state, train_yaml(cmvn="global_cmvn"))
        self.assertIn("--cmvn", self.run_refused("pack"))
        self.write(state, train_yaml(cmvn_file=None))
        self.run_import("pack")
        back = import_pack(self.folder / "pack", Config(model=our_config())).encoder.global_cmvn
        self.assertEqual((back.mean.abs().max().item(), back.istd.min().item(), back.istd.max().item()), (0, 1, 1))

    def test_statistics_in_the_checkpoint_are_taken_whatever_the_options_say(self):
        self.write(tiny_model(our_config()).state_dict(), train_yaml(cmvn_file=None))
        self.run_import("pack")
        back = import_pack(self.folder / "pack", Config(model=our_config())).encoder.global_cmvn
        self.assertEqual(back.mean.min().item(), 10.0)

    def test_blank_is_the_unit_of_that_name_unless_the_options_say_another(self):
        pieces = ["<sos/eos>", "<unk>", *(f"w{n}" for n in range(37)), "<blank>"]
        for options, blank in (({}, 39), ({"ctc_conf": {"ctc_blank_id": 5}}, 5)):
            self.write({}, train_yaml(), pieces)
            config, _ = convert.read(train_yaml(tokenizer_conf={}, **options), self.folder / "units.txt")
            self.assertEqual(config.blank, blank)

    def write(self, state: dict, train: dict, pieces: list[str] | None = None) -> None:
        pieces = pieces or ["<blank>", "<unk>", *(f"▁w{n}" for n in range(37)), "<sos/eos>"]
        torch.save(state, self.folder / "final.pt")
        (self.folder / "train.yaml").write_text(yaml.safe_dump(train))
        (self.folder / "units.txt").write_text("".join(f"{p} {n}\n" for n, p in enumerate(pieces)))

    def run_import(self, output: str, checkpoint: str = "final.pt", more: Sequence[str] = ()) -> str:
        """Returns what it wrote to stderr."""
        arguments = ["--checkpoint", self.folder / checkpoint, "--output", self.folder / output, "--language", "en", *more]
        before = sys.argv
        sys.argv = ["convert", *map(str, arguments)]
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
                convert.main()
        finally:
            sys.argv = before
        return said.getvalue()

    def run_refused(self, output: str) -> str:
        with self.assertRaises(SystemExit) as stopped:
            self.run_import(output)
        return str(stopped.exception.code)


if __name__ == "__main__":
    unittest.main()
