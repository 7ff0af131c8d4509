import contextlib
import io
import json
import tempfile
import threading
import time
import unittest
from pathlib import Path

import torch

from training import checkpoint
from training.config import DEFAULT, TrainConfig, from_tree, load_config, to_tree
from training.data.prepare import prepare
from training.export.pack import Facts, export
from training.measure.evaluate import evaluate
from training.model import AsrModel, count_parameters
from training.recognise.decoding import Weights
from training.recognise.recognisers import PackRecogniser, TorchRecogniser
from training.tests.support import UNITS, make_corpus, tiny_config
from training.train.average import average
from training.train.compare import TAUGHT, arm_options
from training.train.run import Run
from training.train.schedule import learning_rate
from training.units.phones import Lexicon, write_lexicon

CPU = torch.device("cpu")


class RunTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.config = tiny_config(cls.folder / "data", make_corpus(cls.folder / "corpus"))
        prepare(cls.config, workers=1)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_to(self, name: str, deadline: float = float("inf"), stop_at: int = 0) -> bool:
        with contextlib.redirect_stdout(io.StringIO()):
            run = Run(self.config, self.folder / name, CPU)
            if stop_at:
                log = run._log

                def stopping(facts):
                    log(facts)
                    run.stop = run.stop or facts.get("step") == stop_at

                run._log = stopping
            return run.train(deadline)

    def test_a_stopped_run_ends_with_the_weights_of_one_that_was_not(self):
        self.assertTrue(self.run_to("whole"))
        self.assertFalse(self.run_to("stopped", stop_at=3))
        self.assertTrue(self.run_to("stopped"))
        whole, stopped = (checkpoint.load(self.folder / name / checkpoint.LAST) for name in ("whole", "stopped"))
        self.assertEqual((whole["position"]["step"], stopped["position"]["step"]), (6, 6))
        for key, value in whole["model"].items():
            self.assertTrue(torch.equal(value, stopped["model"][key]), key)

    def test_a_finished_run_is_left_as_it_is(self):
        self.assertTrue(self.run_to("finished"))
        last = self.folder / "finished" / checkpoint.LAST
        before = last.read_bytes()
        self.assertTrue(self.run_to("finished"))
        self.assertEqual(last.read_bytes(), before)
        self.assertFalse([thread for thread in threading.enumerate() if "_work" in thread.name])

    def test_a_time_limit_leaves_a_checkpoint(self):
        self.assertFalse(self.run_to("limited", deadline=time.monotonic() + 1))
        self.assertGreater(checkpoint.load(self.folder / "limited" / checkpoint.LAST)["position"]["step"], 0)

    def test_from_training_to_error_rates(self):
        self.run_to("run")
        run = self.folder / "run"
        self.assertIn("<svg", (run / "plot.svg").read_text())
        contents = [checkpoint.load(path) for path in checkpoint.weights(run)]
        self.assertEqual([c["step"] for c in contents], [3, 6])
        merged = average([c["model"] for c in contents])
        path = self.folder / "average.pt"
        checkpoint.save(path, {"model": merged, "config": contents[-1]["config"], "step": 6})
        model = AsrModel(self.config.model)
        model.load_state_dict(merged)
        export(model, UNITS, Facts("tiny", "0.1.0"), self.folder / "pack", bits=32)
        manifest = self.folder / "data" / "tones-dev.tsv"
        in_torch = evaluate(TorchRecogniser(path, CPU), UNITS, manifest, Weights())
        in_onnx = evaluate(PackRecogniser(self.folder / "pack"), UNITS, manifest, Weights())
        in_chunks = evaluate(TorchRecogniser(path, CPU, chunk=4), UNITS, manifest, Weights())
        self.assertEqual(in_torch.hypotheses, in_onnx.hypotheses)
        self.assertEqual([r.utterances for r in (in_torch, in_onnx, in_chunks)], [3, 3, 3])

    def test_phones_are_learned_beside_the_units_and_are_no_part_of_the_model(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.train.steps, config.train.learning_rate = 50, 3e-3
        config.train.phone_weight, config.train.phone_layer = 0.5, 1
        write_lexicon(Lexicon({"YES": ["j", "E", "s"], "NO": ["n", "oU"], "GO": ["g", "oU"]}), self.folder / "data")
        with contextlib.redirect_stdout(io.StringIO()):
            Run(config, self.folder / "phones", CPU).train()
        first, last = (row["phones"] for row in self.log_of("phones") if "phones" in row)
        self.assertLess(last, first)
        init = checkpoint.weights(self.folder / "phones")[-1]
        content = checkpoint.load(init)
        head = Run(config, self.folder / "from phones", CPU, init).trained["phone_head"].state_dict()
        self.assertTrue(all(torch.equal(value, content["phone_head"][name]) for name, value in head.items()))
        self.assertEqual(set(content["model"]), set(AsrModel(config.model).state_dict()))

    def log_of(self, name: str) -> list[dict]:
        return [json.loads(line) for line in (self.folder / name / "log.jsonl").read_text().splitlines()]

    def test_the_loss_falls(self):
        with contextlib.redirect_stdout(io.StringIO()):
            config = from_tree(type(self.config), to_tree(self.config), "")
            config.train.steps, config.train.learning_rate = 50, 3e-3
            Run(config, self.folder / "longer", CPU).train()
        losses = [row["loss"] for row in self.log_of("longer") if "loss" in row]
        self.assertEqual(len(losses), 2)
        self.assertLess(losses[1], losses[0])


class AverageTest(unittest.TestCase):
    def test_is_the_mean_of_the_weights(self):
        states = [
            {"w": torch.tensor([1.0, 3.0]), "n": torch.tensor(4)},
            {"w": torch.tensor([2.0, 5.0]), "n": torch.tensor(6)},
        ]
        merged = average(states)
        self.assertEqual((merged["w"].tolist(), merged["n"].item()), ([1.5, 4.0], 6))


class ScheduleTest(unittest.TestCase):
    def test_warms_up_holds_and_decays(self):
        c = TrainConfig(steps=1000, learning_rate=1.0, warmup=100, hold=0.5, floor=0.1)
        rates = [learning_rate(step, c) for step in (0, 49, 99, 499, 750, 999)]
        for found, expected in zip(rates, (0.01, 0.5, 1.0, 1.0, 0.5, 0.1)):
            self.assertAlmostEqual(found, expected, places=6)


class ArmsTest(unittest.TestCase):
    def test_differ_in_the_size_of_the_model_alone(self):
        for taught, files in ((False, [DEFAULT]), (True, [TAUGHT])):
            arms, common = {}, None
            for arm in ("dense-s", "moe-s", "dense-l"):
                options = arm_options(arm, files, [], taught)
                config = load_config([Path(f) for f in options[1::2]])
                arms[arm] = count_parameters(AsrModel(config.model))
                rest = {k: v for k, v in to_tree(config).items() if k not in ("name", "model")}
                common = common or rest
                self.assertEqual(rest, common)
            self.assertAlmostEqual(arms["dense-l"][0] / arms["moe-s"][0], 1.0, delta=0.05)
            self.assertTrue(3.5 < arms["moe-s"][0] / arms["dense-s"][0] < 5, arms)
            self.assertLess(arms["moe-s"][1], 2 * arms["dense-s"][0])


if __name__ == "__main__":
    unittest.main()
