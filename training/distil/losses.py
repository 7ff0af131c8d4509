"""What a student learns from one batch: every layer on its own, all of it joined, CTC and the decoders alone, or labels first.

Errors of a layer are squared differences to the teacher's standardised output, over its variance (1 = nothing learned).
"""

import torch
from torch import Tensor

from training.config import LessonWeights
from training.distil.student import Student
from training.model.masks import length_mask


def learn_apart(
    student: Student, features: Tensor, lens: Tensor, taught: list[Tensor], probabilities: Tensor, labels: tuple[Tensor, Tensor]
) -> dict[str, Tensor]:
    """Each layer is given what the teacher's layer before it put out: no gradient passes between layers.

    Gradients are there afterwards; returns the errors, detached. taught: standardised [B, T', D] each; labels: tokens [B, U]
    and their lengths [B], for CTC and the decoders, which read the teacher's last layer.
    """
    model, encoder = student.model, student.model.encoder
    encoder_lens = encoder.embed.lens(lens)
    time = taught[0].shape[1]
    valid = length_mask(encoder_lens, time)
    mask, positions = valid[:, None, None, :], encoder.positions_for(time)
    errors = [error_of(encoder.embedded(features), taught[0], valid)]
    errors[0].backward()
    for layer, given, wanted in zip(encoder.encoders, taught, taught[1:]):
        error = error_of(layer(given, mask, valid.unsqueeze(-1), positions, 0), wanted, valid)
        error.backward()
        errors.append(error)
    divergence = divergence_of(student.head(taught[-1]), probabilities, valid)
    losses = model.losses_of(encoder.after_norm(taught[-1]), encoder_lens, *labels, [])
    (divergence + losses.total).backward()
    return facts_of(errors, divergence, losses)


def learn_joined(
    student: Student,
    features: Tensor,
    lens: Tensor,
    taught: list[Tensor],
    probabilities: Tensor,
    labels: tuple[Tensor, Tensor],
    weights: LessonWeights,
    labelled: Tensor,
) -> dict[str, Tensor]:
    """End to end: the layers' outputs, the teacher's probabilities and, where `labelled` is 1 and not 0, the labels. Gradients
    are there afterwards."""
    losses = student.model.losses(features, lens, *labels)
    valid = length_mask(losses.encoder_lens, losses.layers_out[0].shape[1])
    errors = [error_of(ours, wanted, valid) for ours, wanted in zip(losses.layers_out, taught[1:])]
    divergence = divergence_of(student.head(losses.layers_out[-1]), probabilities, valid)
    total = weights.layers * torch.stack(errors).sum() + weights.probabilities * divergence
    (total + weights.labels * labelled * losses.total).backward()
    return facts_of(errors, divergence, losses)


def learn_units(student: Student, features: Tensor, lens: Tensor, labels: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    """CTC and the decoders alone, on what the encoder puts out: a third of the other stages' arithmetic. Gradients are there afterwards."""
    with torch.no_grad():
        encoder_out, encoder_lens = student.model.encoder(features, lens)
    losses = student.model.losses_of(encoder_out, encoder_lens, *labels, [])
    losses.total.backward()
    return {"ctc": losses.ctc.detach(), "attention": losses.attention.detach()}


def facts_of(errors: list[Tensor], divergence: Tensor, losses) -> dict[str, Tensor]:
    facts = {"errors": torch.stack(errors), "divergence": divergence, "ctc": losses.ctc, "attention": losses.attention}
    return {name: value.detach() for name, value in facts.items()}


def error_of(ours: Tensor, wanted: Tensor, valid: Tensor) -> Tensor:
    # By weights: picking the valid frames out would have a size that only the device knows.
    return ((ours.float() - wanted).square().mean(-1) * valid).sum() / valid.sum()


def divergence_of(logits: Tensor, log_probs: Tensor, valid: Tensor) -> Tensor:
    """Kullback and Leibler's, of the teacher's probabilities from the student's, per frame."""
    ours = torch.log_softmax(logits.float(), -1)
    return ((log_probs.exp() * (log_probs - ours)).sum(-1) * valid).sum() / valid.sum()
