import contextlib
import io
import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import torch

from training import checkpoint
from training.config import DistilConfig, from_tree, to_tree
from training.data.corpus import HEARD, Corpus
from training.data.prepare import prepare
from training.distil import run as run_module
from training.distil.hear import label
from training.distil.run import DistilRun
from training.distil.student import Student
from training.distil.teacher import Teacher
from training.model.frontend import Fbank
from training.tests.support import make_corpus, tiny_config
from training.tests.tiny_teacher import student_config, write_teacher
from training.train.schedule import rate_factor

CPU = torch.device("cpu")


class RunTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        config = tiny_config(cls.folder / "data", make_corpus(cls.folder / "corpus"))
        config.model, config.data.join_probability = student_config(), 0.0
        config.augment.speeds, config.augment.vocal_tract = [1.0], (1.0, 1.0)
        config.distil = DistilConfig(teacher=str(write_teacher(cls.folder / "teacher")), apart_steps=4, joined_steps=4)
        config.distil.units_steps = 3
        config.distil.warmup, config.distil.statistics_batches = 1, 2
        cls.config = config
        prepare(config, workers=1)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_to(self, name: str, stop_at: int = 0, config=None, **options) -> bool:
        with contextlib.redirect_stdout(io.StringIO()):
            run = DistilRun(config or self.config, self.folder / name, CPU, **options)
            step = run._step

            def stopping(batch, log):
                run.stop = run.position["step"] + 1 == stop_at
                return step(batch, log)

            run._step = stopping
            return run.train()

    def log_of(self, name: str) -> list[dict]:
        return [json.loads(line) for line in (self.folder / name / "log.jsonl").read_text().splitlines()]

    def test_a_stopped_run_ends_with_the_weights_of_one_that_was_not(self):
        self.assertTrue(self.run_to("whole"))
        self.assertFalse(self.run_to("stopped", stop_at=3))  # in the first stage
        self.assertFalse(self.run_to("stopped", stop_at=6))  # in the second
        self.assertFalse(self.run_to("stopped", stop_at=9))  # in the third
        self.assertTrue(self.run_to("stopped"))
        whole, stopped = (checkpoint.load(self.folder / name / checkpoint.LAST) for name in ("whole", "stopped"))
        self.assertEqual((whole["position"]["step"], stopped["position"]["step"]), (11, 11))
        for key, value in whole["student"].items():
            self.assertTrue(torch.equal(value, stopped["student"][key]), key)

    def test_the_checkpoint_has_nothing_of_the_teacher(self):
        self.run_to("plain")
        content = checkpoint.load(checkpoint.weights(self.folder / "plain")[-1])
        self.assertEqual(set(content["model"]), set(Student(self.config.model, Teacher(self.folder / "teacher")).model.state_dict()))

    def test_errors_fall_in_both_stages_with_the_teacher(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.distil.apart_steps = config.distil.joined_steps = 40
        self.assertTrue(self.run_to("longer", config=config))
        rows = [row for row in self.log_of("longer") if "ctc" in row]
        apart, joined = ([r for r in rows if r["stage"] == stage] for stage in ("apart", "joined"))
        self.assertTrue(all(last < first for first, last in zip(apart[0]["errors"][1:], apart[-1]["errors"][1:])))
        self.assertLess(joined[-1]["divergence"], joined[0]["divergence"])

    def test_units_are_learned_on_the_encoder_as_it_is(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.distil.apart_steps, config.distil.joined_steps, config.distil.units_steps = 0, 1, 40
        self.assertTrue(self.run_to("units", config=config))
        losses = [row["attention"] for row in self.log_of("units") if row.get("stage") == "units" and "attention" in row]
        self.assertLess(losses[-1], 0.7 * losses[0])

    def test_settled_other_shares_of_the_corpora_are_heard(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.distil.apart_steps = config.distil.units_steps = 0
        config.distil.joined_steps = config.distil.settle_steps = 2
        config.data.corpora["tones"].settle_weight = 3.0
        shares, plan = [], run_module.Feeder

        def feeder(corpus, units, config, *rest, **options):
            shares.append(config.data.corpora["tones"].weight)
            return plan(corpus, units, config, *rest, **options)

        with patch.object(run_module, "Feeder", feeder):
            self.assertFalse(self.run_to("settled", config=config, stop_at=3))
            self.assertTrue(self.run_to("settled", config=config))
        self.assertEqual(shares, [1.0, 3.0, 3.0])
        self.assertIn("settled", {row.get("stage") for row in self.log_of("settled")})

    def test_by_the_clock_all_of_the_time_is_used(self):
        self.assertTrue(self.run_to("clock", budget=3.0))
        position = checkpoint.load(self.folder / "clock" / checkpoint.LAST)["position"]
        self.assertGreaterEqual(position["seconds"], 3.0)

    def test_recordings_without_a_transcript_get_the_teachers_words_once(self):
        corpus, teacher, fbank = Corpus(self.folder / "data"), Teacher(self.folder / "teacher"), Fbank(normalise=True)
        silent = {u.offset for u in corpus.select("train") if u.speaker == "s1"}
        corpus.utterances = [replace(u, text="" if u.offset in silent else u.text) for u in corpus.utterances]
        unlabelled, kept = list(corpus.utterances), self.folder / "kept"
        kept.mkdir()
        label(corpus, kept, teacher, fbank, CPU)
        self.assertEqual(set(json.loads((kept / HEARD).read_text())), {str(offset) for offset in silent})
        first = {u.offset: u.text for u in corpus.utterances}
        self.assertTrue(all(first[u.offset] == u.text for u in unlabelled if u.offset not in silent))
        for u in unlabelled:
            if u.offset in silent:
                waveform = torch.from_numpy(corpus.samples(u).astype("float32") / 32768)[None]
                features, lens = fbank(waveform, torch.tensor([u.samples]))
                self.assertEqual(first[u.offset], teacher.words(teacher(features, lens.long())[1][0].argmax(-1)))
        corpus.utterances = unlabelled
        label(corpus, kept, None, None, CPU)  # all is known: nobody is asked
        self.assertEqual({u.offset: u.text for u in corpus.utterances}, first)

    def test_a_student_goes_on_from_another_run_and_may_leave_a_stage_out(self):
        self.assertTrue(self.run_to("first"))
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.distil.apart_steps, config.distil.joined_steps, config.distil.units_steps = 0, 2, 0
        self.assertTrue(self.run_to("second", config=config, init=self.folder / "first" / checkpoint.LAST))
        stages = {row["stage"] for row in self.log_of("second") if "stage" in row}
        first, second = (checkpoint.load(self.folder / name / checkpoint.LAST) for name in ("first", "second"))
        self.assertEqual((stages, second["position"]["step"]), ({"joined"}, 2))
        self.assertTrue(torch.equal(first["student"]["mean"], second["student"]["mean"]))

    def test_teacher_and_student_hear_the_same_vocal_tract_and_the_same_voice_behind(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.augment.vocal_tract, config.augment.blend = (0.8, 0.8), 1.0
        run = DistilRun(config, self.folder / "same", CPU)
        feeder = run._feeder()
        try:
            batch = next(feeder)
        finally:
            feeder.close()
        clean, same, lens, _ = run._features(batch, augmented=False)
        plain, _ = run.fbank(batch.waveform.float() / 32768, batch.lens)
        self.assertGreater(len(lens), 1)
        self.assertTrue(torch.equal(clean, same))
        self.assertGreater((clean - plain).abs().mean().item(), 0.05)

    def test_utterances_take_turns_where_there_is_a_teacher_to_say_what_that_is(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.augment.turns, config.augment.turn_seconds, config.distil.settle_steps = 1.0, (0.1, 0.3), 2
        with patch.object(run_module, "LOG_EVERY", 1):
            self.assertTrue(self.run_to("turns", config=config))
        found = {(row["stage"], row["turns"]) for row in self.log_of("turns") if "turns" in row}
        self.assertEqual({stage for stage, turned in found if turned}, {"joined"})
        self.assertEqual({stage for stage, _ in found}, {"apart", "joined", "units", "settled"})

    def test_batches_of_fixed_shapes_learn_as_well(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.data.max_seconds, config.data.edge_seconds, config.data.join_seconds = 1.5, 0.2, 0.0
        config.train.shapes = [1.0, 2.0]
        self.assertTrue(self.run_to("shapes", config=config))

    def test_another_speed_for_the_student_is_refused(self):
        config = from_tree(type(self.config), to_tree(self.config), "")
        config.augment.speeds, config.distil.augment_from = [0.9], 0.0
        with self.assertRaisesRegex(ValueError, "augment.speeds"):
            self.run_to("speed", config=config)


class RateTest(unittest.TestCase):
    def test_warms_up_holds_and_decays(self):
        c = DistilConfig(warmup=10, hold=0.5, floor=0.1)
        found = [rate_factor(*at, c) for at in ((0, 0.0), (9, 0.1), (50, 0.5), (75, 0.75), (100, 1.0))]
        for value, expected in zip(found, (0.1, 1.0, 1.0, 0.5, 0.1)):
            self.assertAlmostEqual(value, expected)


if __name__ == "__main__":
    unittest.main()
