"""A second CTC over phones, on a layer within the encoder (InterCTC, arXiv 2102.03216; phones: arXiv 1807.06234)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLANK = 0


class PhoneHead(nn.Module):
    """Trains with the model and is not part of it: no pack has it."""

    def __init__(self, size: int, phones: int):
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.output = nn.Linear(size, phones)

    def forward(self, hidden: Tensor, hidden_lens: Tensor, phones: Tensor, phone_lens: Tensor) -> Tensor:
        """Loss per phone. hidden [B, T', D], phones [B, P] padded with anything; a row without phones does not count."""
        log_probs = torch.log_softmax(self.output(self.norm(hidden)).float(), dim=-1).transpose(0, 1)
        losses = F.ctc_loss(
            log_probs, phones, hidden_lens.long(), phone_lens, blank=BLANK, reduction="none", zero_infinity=True
        )
        return losses.masked_fill(phone_lens == 0, 0.0).sum() / phone_lens.sum().clamp(min=1)
