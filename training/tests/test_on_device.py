import contextlib
import io
import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
import yaml

from training import checkpoint
from training.config import DistilConfig, to_tree
from training.data import parts as data_parts
from training.data.corpus import HEARD, Corpus
from training.data.parts import missing, pack, unpack
from training.data.prepare import prepare
from training.distil import on_device
from training.tests.support import make_corpus, tiny_config
from training.tests.tiny_teacher import student_config, write_teacher
from training.train.pieces import join, split


class PartsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.prepared = [cls.folder / name for name in ("first", "second")]
        for number, folder in enumerate(cls.prepared):
            config = tiny_config(folder, make_corpus(cls.folder / f"corpus-{number}", utterances=2 + number))
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                prepare(config, workers=1)
        (cls.prepared[1] / HEARD).write_text(json.dumps({str(Corpus(cls.prepared[1]).utterances[3].offset): "HEARD"}))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def pack(self, limit: int) -> list[Path]:
        with contextlib.redirect_stderr(io.StringIO()), patch.object(data_parts, "BLOCK", 32_000):
            return pack(self.prepared, self.folder / "parts", limit)

    def test_come_back_as_one_prepared_folder(self):
        parts = self.pack(limit=30_000)
        self.assertGreater(len(parts), 2)
        self.assertTrue(all(part.stat().st_size < 30_000 for part in parts))
        unpacked = self.folder / "unpacked"
        for part in reversed(parts):  # in any order
            self.assertTrue(missing(unpacked))
            unpack([part], unpacked, workers=1)
        self.assertEqual(missing(unpacked), "")
        unpack(parts, unpacked, workers=1)  # again, as after an interruption
        before, after = [Corpus(folder) for folder in self.prepared], Corpus(unpacked)
        rows = [(corpus, u) for corpus in before for u in corpus.utterances]
        self.assertEqual([replace(u, offset=0) for _, u in rows], [replace(u, offset=0) for u in after.utterances])
        for (corpus, old), new in zip(rows, after.utterances):
            old, new = (c.samples(u).astype(float) for c, u in ((corpus, old), (after, new)))
            self.assertGreater(np.corrcoef(old, new)[0, 1], 0.9)
        heard = {u.offset: u for u in after.utterances}[int(*json.loads((unpacked / HEARD).read_text()))]
        self.assertEqual(replace(heard, offset=0), replace(before[1].utterances[3], offset=0))

    def test_what_is_missing_is_named(self):
        parts = self.pack(limit=30_000)
        unpacked = self.folder / "some"
        unpack(parts[:1], unpacked, workers=1)
        self.assertEqual(missing(unpacked), "the last part")
        unpack(parts[-1:], unpacked, workers=1)
        self.assertEqual(missing(unpacked), "part " + ", ".join(str(n) for n in range(1, len(parts) - 1)))

    def test_packed_again_nothing_is_encoded_twice(self):
        first = [part.read_bytes() for part in self.pack(limit=30_000)]
        with patch.object(data_parts.subprocess, "run", side_effect=AssertionError):
            self.assertEqual([part.read_bytes() for part in self.pack(limit=30_000)], first)


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
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                config.data.folder = str(folder / "prepared")
                prepare(config, workers=1)
                pack([folder / "prepared"], folder / "parts", 10**7)
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
