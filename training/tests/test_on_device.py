import contextlib
import csv
import io
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

import soundfile
import torch
import yaml

from training import checkpoint
from training.config import DistilConfig, to_tree
from training.data.parts import pack, unpack
from training.distil import on_device
from training.tests.support import make_corpus, tiny_config
from training.tests.test_distil import student_config, write_teacher
from training.train.pieces import join, split


class PartsTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.config = tiny_config(self.folder / "data", make_corpus(self.folder / "corpus"))

    def tearDown(self):
        self.temporary.cleanup()

    def test_come_back_as_the_corpora_they_were(self):
        parts = pack(self.config, self.folder / "parts", limit=70_000)
        self.assertGreater(len(parts), 1)
        self.assertTrue(all(part.stat().st_size < 70_000 for part in parts))
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder / "unpacked")
        unpack(parts, self.folder / "unpacked")
        unpack(parts, self.folder / "unpacked")  # again, as after an interruption
        before, after = (self.rows(self.folder / name) for name in ("corpus", "unpacked/tones"))
        self.assertEqual([(r["speaker"], r["transcript"]) for r in before], [(r["speaker"], r["transcript"]) for r in after])
        for old, new in zip(before, after):
            lens = [soundfile.info(self.folder / at / row["path"]).duration for at, row in (("corpus", old), ("unpacked/tones", new))]
            self.assertAlmostEqual(*lens, delta=0.03)
        written = yaml.safe_load((self.folder / "unpacked" / "corpora.yaml").read_text())
        self.assertEqual(written["data"]["corpora"], {"tones": {"folder": str(self.folder / "unpacked" / "tones")}})

    @staticmethod
    def rows(folder: Path) -> list[dict[str, str]]:
        with open(folder / "manifest.tsv", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class PiecesTest(unittest.TestCase):
    def test_join_to_the_weights_in_half_precision(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            student = {"model.a.weight": torch.randn(40, 30), "model.a.bias": torch.randn(40), "mean": torch.randn(3, 4) * 1e3}
            content = {"student": student, "model": {"a.weight": student["model.a.weight"]}, "optimizers": [torch.randn(10)]}
            checkpoint.save(folder / "last.pt", content | {"position": {"step": 7}, "config": {}})
            pieces = split(folder / "last.pt", folder / "pieces", 1000)
            self.assertGreater(len(pieces), 2)
            self.assertTrue(all(p.stat().st_size <= 1000 for p in pieces))
            join(pieces, folder / "joined.pt")
            joined = checkpoint.load(folder / "joined.pt")
            self.assertEqual((joined["position"], "optimizers" in joined), ({"step": 7}, False))
            self.assertTrue(torch.equal(joined["model"]["a.bias"], student["model.a.bias"]))
            torch.testing.assert_close(joined["model"]["a.weight"], student["model.a.weight"], atol=2e-3, rtol=1e-3)


class OnDeviceTest(unittest.TestCase):
    def test_stopped_anywhere_the_same_command_goes_on(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = tiny_config(folder / "unused", make_corpus(folder / "corpus"))
            config.model, config.augment.speeds, config.data.join_probability = student_config(), [1.0], 0.0
            config.distil = DistilConfig(teacher=str(write_teacher(folder / "teacher")), apart_steps=1, joined_steps=1, units_steps=1)
            config.distil.statistics_batches, config.train.shapes, config.data.edge_seconds = 2, [3.0], 0.2
            config.data.max_seconds = config.data.join_seconds = 2.0
            pack(config, folder / "parts", 10**7)
            config.data.corpora["tones"].folder = ""
            (folder / "tiny.yaml").write_text(yaml.safe_dump(plain(to_tree(config))))
            # Every piece of a kilobyte or so, and one a call: there are several calls.
            with patch.object(on_device, "split", lambda a, b, _: split(a, b, 120_000)), patch.object(on_device, "MOST", 1):
                calls, out = 0, []
                while True:
                    calls += 1
                    output = folder / f"out-{calls}"
                    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                        options = {"seconds": 5.5 if calls == 1 else 60.0, "device": "cpu", "workers": 1}
                        files = [folder / "tiny.yaml"]
                        done = on_device.run(folder / "parts", folder / "work", output, files, [], 4 / 60, **options)
                    out += sorted(output.glob("weights.*"))
                    self.assertTrue((output / "log.jsonl").exists())
                    if done:
                        break
                    self.assertLess(calls, 30)
            self.assertGreater(calls, 2)
            self.assertEqual(len({p.name for p in out}), len(out))
            join(out, folder / "joined.pt")
            last = checkpoint.load(folder / "work" / "run" / checkpoint.LAST)
            self.assertEqual(set(checkpoint.load(folder / "joined.pt")["model"]), set(last["model"]))


def plain(tree):
    """Tuples as lists, for YAML."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(item) for item in tree] if isinstance(tree, (list, tuple)) else tree


if __name__ == "__main__":
    unittest.main()
