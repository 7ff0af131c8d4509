import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch
import yaml

from training import checkpoint
from training.config import to_tree
from training.data.prepare import prepare
from training.tests.support import make_corpus, tiny_config
from training.train import rounds
from training.train.average import average


class RoundsTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        config = tiny_config(self.folder / "data", make_corpus(self.folder / "corpus"), steps=3)
        prepare(config, workers=1)
        (self.folder / "my.yaml").write_text(yaml.safe_dump(to_tree(config)))

    def run_rounds(self, count: int, *settings: str) -> None:
        argv = ["rounds", "--config", str(self.folder / "my.yaml"), "--output", str(self.folder / "run")]
        argv += ["--processes", "2", "--rounds", str(count), *(part for s in settings for part in ("--set", s))]
        with mock.patch("sys.argv", argv), contextlib.redirect_stdout(io.StringIO()):
            rounds.main()

    def weights(self, name: str) -> dict[str, torch.Tensor]:
        return checkpoint.load(self.folder / "run" / name)["model"]

    def test_a_round_begins_from_the_mean_of_the_one_before(self):
        self.run_rounds(1)
        one, other = (self.weights(f"round-1-{n}/step-0000003.pt") for n in (1, 2))
        self.assertFalse(torch.equal(one["ctc.ctc_lo.weight"], other["ctc.ctc_lo.weight"]))
        self.run_rounds(2, "train.learning_rate=0")  # nothing is learned: what comes out is what went in
        first, second = self.weights("round-1.pt"), self.weights("round-2.pt")
        for key, value in average([one, other]).items():
            self.assertTrue(torch.equal(value, first[key]), key)
            self.assertTrue(torch.allclose(value, second[key], rtol=1e-6, atol=0), key)

    def test_a_run_that_fails_is_named(self):
        said = io.StringIO()
        with self.assertRaises(SystemExit) as failure, contextlib.redirect_stderr(said):
            self.run_rounds(1, f"data.folder={self.folder / 'missing'}")
        self.assertEqual(failure.exception.code, 1)
        self.assertIn("round-1-1: ended with 1; see output.txt there", said.getvalue())
