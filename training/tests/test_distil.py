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
import torch.nn.functional as F

from training import checkpoint
from training.config import DistilConfig, LessonWeights, from_tree, to_tree
from training.data.corpus import Corpus
from training.data.prepare import prepare
from training.data.corpus import HEARD
from training.distil.hear import label
from training.distil.losses import learn_apart, learn_joined, learn_units
from training.distil import run as run_module
from training.distil.run import DistilRun, rate_factor
from training.distil.student import Student
from training.distil.teacher import Teacher, convolution_of
from training.model.attention import RelativeAttention, distance_sinusoids
from training.model.frontend import Fbank
from training.tests.support import make_corpus, tiny_config, tiny_model_config

CPU = torch.device("cpu")
SIZE, HIDDEN, LAYERS, KERNEL, CHANNELS, HEADS = 32, 24, 2, 7, 4, 2
PIECES = ["▁YES", "▁NO", "▁GO", "S"]


def write_teacher(folder: Path) -> Path:
    """Random arrays under the names of the real one."""
    random = np.random.default_rng(3)

    def normal(*shape: int, scale: float = 0.3) -> np.ndarray:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    arrays = {"sub.0.w": normal(CHANNELS, 1, 3, 3), "sub.0.b": normal(CHANNELS), "sub.1.b": normal(CHANNELS)}
    arrays |= {"sub.1.w": normal(CHANNELS, CHANNELS, 3, 3), "sub.out": normal(CHANNELS * 20, SIZE), "sub.out_bias": normal(SIZE)}
    for n in range(LAYERS):
        layer: dict[str, np.ndarray] = {}
        for ff in ("ff1", "ff2"):
            layer |= {f"{ff}.w1": normal(SIZE, HIDDEN), f"{ff}.b1": normal(HIDDEN)}
            layer |= {f"{ff}.w2": normal(HIDDEN, SIZE), f"{ff}.b2": normal(SIZE)}
        for name in ("q", "k", "v", "out"):
            layer |= {f"att.{name}": normal(SIZE, SIZE), f"att.{name}_bias": normal(SIZE)}
        layer |= {"att.pos": normal(SIZE, SIZE), "att.u": normal(HEADS, SIZE // HEADS), "att.v_pos": normal(HEADS, SIZE // HEADS)}
        layer |= {"conv.pw1": normal(2 * SIZE, SIZE, 1), "conv.pw1_bias": normal(2 * SIZE), "conv.dw": normal(SIZE, 1, KERNEL)}
        layer |= {"conv.dw_bias": normal(SIZE), "conv.pw2": normal(SIZE, SIZE, 1), "conv.pw2_bias": normal(SIZE)}
        layer |= {"conv.bn_weight": 1 + normal(SIZE), "conv.bn_bias": normal(SIZE), "conv.bn_mean": normal(SIZE)}
        layer["conv.bn_var"] = np.exp(normal(SIZE))
        for name in ("feed_forward1", "self_att", "conv", "feed_forward2", "out"):
            layer |= {f"norm_{name}.weight": 1 + normal(SIZE), f"norm_{name}.bias": normal(SIZE)}
        arrays |= {f"{n}.{name}": value for name, value in layer.items()}
    arrays |= {"head.w": normal(len(PIECES) + 1, SIZE), "head.b": normal(len(PIECES) + 1)}
    folder.mkdir()
    np.savez(folder / "teacher.npz", **arrays)
    (folder / "tokens.txt").write_text("\n".join(PIECES))
    return folder


def student_config(layers: int = LAYERS):
    encoder = {"layers": layers, "shift": True, "pad_bins": True, "normalise": "utterance", "conv_norm": "none"}
    return tiny_model_config(**encoder)


class TeacherTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.teacher = Teacher(write_teacher(Path(cls.temporary.name) / "teacher"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_puts_out_the_subsampling_and_every_layer(self):
        outputs, log_probs, lens = self.teacher(torch.randn(2, 50, 80), torch.tensor([50, 31]))
        self.assertEqual([tuple(x.shape) for x in outputs], [(2, 11, SIZE)] * (LAYERS + 1))
        self.assertEqual((tuple(log_probs.shape), lens.tolist()), ((2, 11, len(PIECES) + 1), [11, 7]))
        torch.testing.assert_close(log_probs.exp().sum(-1), torch.ones(2, 11))

    def test_every_array_is_used(self):
        stored = np.load(Path(self.temporary.name) / "teacher" / "teacher.npz")
        held = sum(p.numel() for p in [*self.teacher.encoder.embed.parameters(), *self.teacher.encoder.encoders.parameters()])
        folded = LAYERS * 4 * SIZE  # the batch norm's
        head = stored["head.w"].size + stored["head.b"].size
        self.assertEqual(sum(stored[name].size for name in stored.files), held + folded + head)

    def test_the_batch_norm_is_folded_into_the_convolution(self):
        stored = np.load(Path(self.temporary.name) / "teacher" / "teacher.npz")
        a = {name: torch.from_numpy(stored[name]) for name in stored.files}
        x = torch.randn(1, SIZE, 20)
        y = F.conv1d(x, a["0.conv.dw"], a["0.conv.dw_bias"], groups=SIZE)
        statistics = (a[f"0.conv.bn_{name}"] for name in ("mean", "var", "weight", "bias"))
        folded = convolution_of(a, "0.conv.", "")
        z = F.conv1d(x, folded["depthwise_conv.weight"], folded["depthwise_conv.bias"], groups=SIZE)
        torch.testing.assert_close(z, F.batch_norm(y, *statistics), atol=1e-4, rtol=1e-4)

    def test_words_are_what_greedy_reading_gives(self):
        best = [4, 0, 0, 4, 3, 4, 2]  # blank, ▁YES twice, blank, S, blank, ▁GO
        log_probs = torch.log_softmax(F.one_hot(torch.tensor(best), 5).float() * 9, -1)
        self.assertEqual(self.teacher.words(log_probs), "YESS GO")


class AttentionTest(unittest.TestCase):
    def test_the_position_term_depends_on_the_distance(self):
        torch.manual_seed(0)
        attention, time = RelativeAttention(8, 2, shift=True), 5
        x, positions = torch.randn(1, time, 8), distance_sinusoids(time, 8)
        found = attention(x, torch.ones(1, 1, 1, time, dtype=torch.bool), positions[None])
        q = attention.linear_q(x)[0].view(time, 2, 4)
        k, v = (f(x)[0].view(time, 2, 4) for f in (attention.linear_k, attention.linear_v))
        place = attention.linear_pos(positions).view(-1, 2, 4)
        rows = []
        for i in range(time):
            heads = []
            for h in range(2):
                scores = []
                for j in range(time):
                    distance = place[time - 1 - (i - j), h]  # the first row is of the distance T − 1
                    content = (q[i, h] + attention.pos_bias_u[h]) @ k[j, h]
                    scores.append((content + (q[i, h] + attention.pos_bias_v[h]) @ distance) / 2)
                heads.append(torch.softmax(torch.stack(scores), 0) @ v[:, h])
            rows.append(torch.cat(heads))
        torch.testing.assert_close(found[0], attention.linear_out(torch.stack(rows)), atol=1e-5, rtol=1e-5)


class LossesTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.teacher = Teacher(write_teacher(Path(self.temporary.name) / "teacher"))
        torch.manual_seed(0)
        self.student = Student(student_config(), self.teacher)
        self.features, self.lens = torch.randn(2, 60, 80), torch.tensor([60, 41])
        outputs, self.probabilities, _ = self.teacher(self.features, self.lens)
        self.taught = self.student.standardised(outputs)
        self.labels = (torch.tensor([[3, 4, 5], [6, 7, 0]]), torch.tensor([3, 2]))

    def tearDown(self):
        self.temporary.cleanup()

    def test_layers_learn_apart_from_what_the_layer_before_them_learned(self):
        learn_apart(self.student, self.features, self.lens, self.taught, self.probabilities, self.labels)
        before = self.gradients("encoder.encoders.1")
        self.student.zero_grad()
        with torch.no_grad():
            for p in self.student.model.encoder.encoders[0].parameters():
                p.add_(0.5)
        learn_apart(self.student, self.features, self.lens, self.taught, self.probabilities, self.labels)
        for name, gradient in self.gradients("encoder.encoders.1").items():
            self.assertTrue(torch.equal(gradient, before[name]), name)

    def test_padding_teaches_nothing(self):
        self.student.zero_grad()
        first = learn_apart(self.student, self.features, self.lens, self.taught, self.probabilities, self.labels)
        for x in self.taught:
            x[1, 9:] = 1e3  # the second utterance has 9 frames
        second = learn_apart(self.student, self.features, self.lens, self.taught, self.probabilities, self.labels)
        torch.testing.assert_close(first["errors"][1:2], second["errors"][1:2])

    def test_joined_every_parameter_learns(self):
        learn_joined(self.student, self.features, self.lens, self.taught, self.probabilities, self.labels, LessonWeights())
        still = [name for name, p in self.student.named_parameters() if p.grad is None]
        self.assertEqual(still, [])

    def test_units_alone_leave_the_encoder_as_it_is(self):
        learn_units(self.student, self.features, self.lens, self.labels)
        learning = {name for name, p in self.student.model.named_parameters() if p.grad is not None}
        self.assertEqual(learning, {name for name, _ in self.student.model.named_parameters() if not name.startswith("encoder.")})

    def test_a_token_of_the_decoders_begins_as_loud_as_its_place(self):
        for decoder in (self.student.model.left, self.student.model.right):
            loud = (decoder.embed[0].weight * decoder.scale).square().mean() / decoder.positions.square().mean()
            self.assertTrue(1 < loud < 4, loud)

    def test_a_student_of_another_depth_is_refused(self):
        with self.assertRaisesRegex(ValueError, "number of layers"):
            Student(student_config(layers=3), self.teacher)

    def test_outputs_are_standardised_over_what_is_inside_utterances(self):
        outputs, _, lens = self.teacher(self.features, self.lens)
        inside = torch.arange(outputs[0].shape[1])[None] < lens[:, None]
        self.student.measure([outputs], [inside])
        for x in self.student.standardised(outputs):
            torch.testing.assert_close(x[inside].mean(0), torch.zeros(SIZE), atol=1e-4, rtol=0)
            torch.testing.assert_close(x[inside].std(0), torch.ones(SIZE), atol=1e-3, rtol=0)

    def gradients(self, part: str) -> dict[str, torch.Tensor]:
        return {n: p.grad.clone() for n, p in self.student.model.named_parameters() if n.startswith(part)}


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
                self.assertEqual(first[u.offset], teacher.words(teacher(features, lens.long())[1][0]))
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
        found = [rate_factor(*at, c) for at in ((0.0, 0), (0.1, 9), (0.5, 50), (0.75, 75), (1.0, 100))]
        for value, expected in zip(found, (0.1, 1.0, 1.0, 0.5, 0.1)):
            self.assertAlmostEqual(value, expected)


if __name__ == "__main__":
    unittest.main()
