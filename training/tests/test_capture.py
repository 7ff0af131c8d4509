"""A step on a GPU may not wait for the device, or it cannot be captured. Tensors without data show where it would."""

import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

import torch
from torch import nn
from torch._subclasses.fake_tensor import DataDependentOutputException, FakeTensorMode

from training import devices
from training.config import Config
from training.distil.step import DistilStep
from training.distil.student import Student
from training.distil.teacher import Teacher
from training.tests.tiny_teacher import student_config, write_teacher
from training.train.muon import make_optimizers

BATCH, FRAMES, TOKENS = 3, 60, 9


class CaptureTest(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            self.teacher = Teacher(write_teacher(Path(folder) / "teacher"))
        self.student = Student(student_config(), self.teacher)

    def learn(self, stage: str) -> None:
        with FakeTensorMode(allow_non_fake_inputs=True), patch.object(devices, "waits", lambda x: True):
            for module in (self.teacher, self.student):
                without_data(module)
            step = DistilStep(self.student, self.teacher, make_optimizers([self.student], 0.02, 0.002, 0.01), Config(), stage)
            features, lens = torch.empty(BATCH, FRAMES, 80), torch.empty(BATCH, dtype=torch.int64)
            step._learn(features, features, lens, torch.empty(BATCH, TOKENS, dtype=torch.int64), lens, torch.empty(()))

    def test_layers_apart(self):
        self.learn("apart")

    def test_joined(self):
        self.learn("joined")

    def test_units_alone(self):
        self.learn("units")

    def test_settled(self):
        self.learn("settled")

    def test_waiting_for_the_device_would_be_found(self):
        with self.assertRaises(DataDependentOutputException), patch.object(torch, "nan_to_num_", lambda x, *_: x.sum().item()):
            self.learn("joined")


def without_data(module: nn.Module) -> None:
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        path, _, last = name.rpartition(".")
        owner, fake = module.get_submodule(path), torch.empty(tensor.shape, dtype=tensor.dtype)
        if isinstance(tensor, nn.Parameter):
            setattr(owner, last, nn.Parameter(fake, tensor.requires_grad))
        else:
            owner.register_buffer(last, fake, persistent=False)


if __name__ == "__main__":
    unittest.main()
