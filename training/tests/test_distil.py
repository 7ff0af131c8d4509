import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from training import checkpoint
from training.config import Config, DistilConfig, LessonWeights
from training.distil.body import save_init
from training.distil.losses import learn_apart, learn_joined, learn_units
from training.distil.student import Student
from training.distil.teacher import Teacher, convolution_of
from training.model.attention import RelativeAttention, distance_sinusoids
from training.tests.tiny_teacher import LAYERS, PIECES, SIZE, student_config, write_teacher


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
        self.assertEqual(self.teacher.words(torch.tensor(best)), "YESS GO")


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
        self.join(labelled=1.0)
        still = [name for name, p in self.student.named_parameters() if p.grad is None]
        self.assertEqual(still, [])

    def test_joined_without_a_text_ctc_and_the_decoders_learn_nothing(self):
        self.join(labelled=0.0)
        learned = {name for name, p in self.student.named_parameters() if p.grad.abs().sum() > 0}
        self.assertEqual([name for name in learned if name.startswith(("model.ctc", "model.decoder"))], [])
        self.assertLess({"head.weight", "model.encoder.embed.conv.0.weight"}, learned)

    def join(self, labelled: float) -> None:
        lesson = (self.student, self.features, self.lens, self.taught, self.probabilities, self.labels)
        learn_joined(*lesson, LessonWeights(), torch.tensor(labelled))

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

    def test_arms_share_a_body_and_have_feed_forwards_of_their_own(self):
        with tempfile.TemporaryDirectory() as folder:
            body, init = Path(folder) / "last.pt", Path(folder) / "init.pt"
            given = self.student.state_dict()
            checkpoint.save(body, {"student": given})
            config = Config(model=student_config(), distil=DistilConfig(teacher=f"{self.temporary.name}/teacher"))
            config.model.encoder.experts = config.model.decoder.experts = 0
            config.model.encoder.hidden = config.model.decoder.hidden = 40
            save_init(config, body, init)
            found = checkpoint.load(init)["student"]
            student = Student(config.model, self.teacher)
            student.load_state_dict(found)
            own = {name for name in found if "feed_forward" in name}
            self.assertTrue(all(any(part in name for name in own) for part in ("encoder.", "decoder.")))
            self.assertEqual(set(found) - own, {name for name in given if "feed_forward" not in name})
            for name in set(found) - own:
                self.assertTrue(torch.equal(found[name], given[name]), name)
            save_init(replace(config, seed=2), body, init)
            other = checkpoint.load(init)["student"]
            self.assertFalse(any(torch.equal(other[name], found[name]) for name in own if found[name].dim() == 2))
            config.model.encoder.size = 16
            with self.assertRaises((RuntimeError, ValueError)):
                save_init(config, body, init)

    def test_outputs_are_standardised_over_what_is_inside_utterances(self):
        outputs, _, lens = self.teacher(self.features, self.lens)
        inside = torch.arange(outputs[0].shape[1])[None] < lens[:, None]
        self.student.measure([outputs], [inside])
        for x in self.student.standardised(outputs):
            torch.testing.assert_close(x[inside].mean(0), torch.zeros(SIZE), atol=1e-4, rtol=0)
            torch.testing.assert_close(x[inside].std(0), torch.ones(SIZE), atol=1e-3, rtol=0)

    def gradients(self, part: str) -> dict[str, torch.Tensor]:
        return {n: p.grad.clone() for n, p in self.student.model.named_parameters() if n.startswith(part)}


if __name__ == "__main__":
    unittest.main()
