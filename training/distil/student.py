"""The student: the recipe's model, the scales of what its teacher puts out, and a head for the teacher's units."""

import torch
from torch import Tensor, nn

from training.config import ModelConfig
from training.distil.teacher import Teacher
from training.model import AsrModel


class Student(nn.Module):
    """The head and the scales train with the model and are no part of it: no pack has them."""

    def __init__(self, c: ModelConfig, teacher: Teacher):
        super().__init__()
        encoder = teacher.encoder
        if (c.encoder.size, c.encoder.layers) != (encoder.embed.out[0].out_features, len(encoder.encoders)):
            raise ValueError("the student needs the teacher's width and number of layers")
        self.model = AsrModel(c)
        for decoder in filter(None, (self.model.left, self.model.right)):
            # Otherwise a token is 13 times as loud as its place, and where to listen is learned last of all.
            nn.init.normal_(decoder.embed[0].weight, std=c.encoder.size**-0.5)
        outputs = c.encoder.layers + 1
        self.register_buffer("mean", torch.zeros(outputs, c.encoder.size))
        self.register_buffer("deviation", torch.ones(outputs, c.encoder.size))
        self.head = nn.Linear(c.encoder.size, teacher.head.out_features)

    def standardised(self, outputs: list[Tensor]) -> list[Tensor]:
        """The teacher's outputs differ a hundredfold in scale between layers, and nothing is learned against that."""
        return [(x - m) / s for x, m, s in zip(outputs, self.mean, self.deviation)]

    @torch.no_grad()
    def measure(self, outputs: list[list[Tensor]], inside: list[Tensor]) -> None:
        """Mean and deviation of every output, per dimension, over some batches: outputs [batch][layer] [B, T', D], inside [batch] [B, T']."""
        for layer in range(len(self.mean)):
            rows = torch.cat([out[layer][valid] for out, valid in zip(outputs, inside)])
            self.mean[layer], self.deviation[layer] = rows.mean(0), rows.std(0).clamp(min=1e-3)
