"""What a recording says: its transcript, or where it has none what the teacher hears."""

import torch
from torch import Tensor

from training.distil.teacher import Teacher
from training.units.text import Units


def labels_of(
    tokens: Tensor, token_lens: Tensor, log_probs: Tensor, lens: Tensor, teacher: Teacher, units: Units
) -> tuple[Tensor, Tensor]:
    """tokens [B, U], token_lens [B] (0: unlabelled), log_probs [B, T', V] of the teacher, lens [B] -> the same, no row empty
    but where the teacher hears nothing."""
    rows = [row[:n].tolist() for row, n in zip(tokens, token_lens.tolist())]
    for at, row in enumerate(rows):
        if not row:
            rows[at] = units.encode(teacher.words(log_probs[at, : lens[at]]))
    counts = torch.tensor([len(row) for row in rows])
    padded = torch.zeros(len(rows), max(1, int(counts.max())), dtype=torch.int64)
    for out, row in zip(padded, rows):
        out[: len(row)] = torch.tensor(row, dtype=torch.int64)
    return padded.to(tokens.device), counts.to(tokens.device)
