"""CTC's loss and gradient (Graves et al., 2006) in operations that never wait for the device.

PyTorch's own kernel for CUDA copies the lengths to the host, so a step with it cannot be captured in a CUDA graph.
Forwards and backwards probabilities are one recursion over a batch of twice the size: the second half is the first with its
frames and labels turned round. Equal to `torch.nn.functional.ctc_loss` (tests).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from training import devices

NEVER = -1e30  # finite: the difference of two of them must not become NaN


def ctc_sum(log_probs: Tensor, tokens: Tensor, lens: Tensor, token_lens: Tensor, blank: int = 0) -> Tensor:
    """The sum of `ctc_losses`; on a CPU, where nothing is waited for, by PyTorch's own kernel."""
    if devices.waits(log_probs):
        return ctc_losses(log_probs, tokens, lens, token_lens, blank).sum()
    arguments = (log_probs.transpose(0, 1), tokens, lens, token_lens)
    return F.ctc_loss(*arguments, blank=blank, reduction="sum", zero_infinity=True)


def ctc_losses(log_probs: Tensor, tokens: Tensor, lens: Tensor, token_lens: Tensor, blank: int = 0) -> Tensor:
    """[B]; 0, and no gradient, where an utterance is too short for its tokens.

    log_probs [B, T, V], tokens [B, U] padded with anything, lens [B] ≥ 1 and token_lens [B], all on one device.
    """
    return _Ctc.apply(log_probs, tokens, lens, token_lens, blank)


class _Ctc(torch.autograd.Function):
    @staticmethod
    def forward(ctx, log_probs: Tensor, tokens: Tensor, lens: Tensor, token_lens: Tensor, blank: int):
        batch, time, _ = log_probs.shape
        states = interleaved(tokens, blank)  # [B, S]
        emitted = log_probs.gather(2, states.unsqueeze(1).expand(-1, time, -1))  # [B, T, S]
        back_frame = (lens.unsqueeze(1) - 1 - torch.arange(time, device=lens.device)) % time  # [B, T]
        back_state = 2 * token_lens.unsqueeze(1) - torch.arange(states.shape[1], device=lens.device)
        back_state = back_state % states.shape[1]  # [B, S]
        turned = turn(emitted, back_frame, back_state)
        both = torch.cat([states, states.gather(1, back_state)])
        paths = recursion(torch.cat([emitted, turned]), skips(both, blank), torch.cat([lens, lens]))  # [2B, T, S]
        forwards, backwards = paths[:batch], turn(paths[batch:], back_frame, back_state)
        ends = forwards.gather(1, (lens - 1)[:, None, None].expand(-1, 1, states.shape[1])).squeeze(1)  # [B, S]
        last = ends.gather(1, 2 * token_lens.unsqueeze(1))
        before = ends.gather(1, (2 * token_lens.unsqueeze(1) - 1).clamp(min=0))
        before = before.masked_fill((token_lens == 0).unsqueeze(1), NEVER)
        total = torch.logaddexp(last, before)  # [B, 1]
        possible = total > NEVER / 2
        inside = torch.arange(time, device=lens.device) < lens.unsqueeze(1)
        share = torch.exp(forwards + backwards - emitted - total.unsqueeze(1))  # [B, T, S]
        share = share.masked_fill(~(inside.unsqueeze(2) & possible.unsqueeze(2)), 0.0)
        within = torch.arange(states.shape[1], device=lens.device) <= 2 * token_lens.unsqueeze(1)
        share = share.masked_fill(~within.unsqueeze(1), 0.0)
        ctx.save_for_backward(states, share)
        ctx.vocabulary = log_probs.shape[2]
        return torch.where(possible, -total, torch.zeros_like(total)).squeeze(1)

    @staticmethod
    def backward(ctx, grad: Tensor):
        states, share = ctx.saved_tensors
        batch, time, _ = share.shape
        out = share.new_zeros(batch, time, ctx.vocabulary)
        out.scatter_add_(2, states.unsqueeze(1).expand(-1, time, -1), -share * grad[:, None, None])
        return out, None, None, None, None


def interleaved(tokens: Tensor, blank: int) -> Tensor:
    """[B, U] -> blank, token, blank, …, blank [B, 2U + 1]."""
    states = torch.full((tokens.shape[0], 2 * tokens.shape[1] + 1), blank, dtype=torch.int64, device=tokens.device)
    states[:, 1::2] = tokens
    return states


def skips(states: Tensor, blank: int) -> Tensor:
    """0 where a state may follow the one two before it, NEVER elsewhere: [B, S]."""
    before = F.pad(states, (2, 0), value=blank)[:, :-2]
    return torch.where((states != blank) & (states != before), 0.0, NEVER)


def turn(x: Tensor, frames: Tensor, states: Tensor) -> Tensor:
    """[B, T, S] with its frames and states in another order."""
    x = x.gather(1, frames.unsqueeze(2).expand(-1, -1, x.shape[2]))
    return x.gather(2, states.unsqueeze(1).expand(-1, x.shape[1], -1))


def recursion(emitted: Tensor, skip: Tensor, lens: Tensor) -> Tensor:
    """Log-probability of all paths that are in a state at a frame: [B, T, S] -> the same."""
    batch, time, count = emitted.shape
    # Two states before the first, which nothing is ever in; and no tensor is made in the loop: a launch is what a frame costs.
    paths = emitted.new_full((time, batch, count + 2), NEVER)
    paths[0, :, 2:4] = emitted[:, 0, :2]
    stays, leaps = emitted.new_empty(2, batch, count).unbind()
    for before, after, frame in zip(paths, paths[1:], emitted.unbind(1)[1:]):
        torch.logaddexp(before[:, 2:], before[:, 1:-1], out=stays)
        torch.add(before[:, :-2], skip, out=leaps)
        torch.logaddexp(stays, leaps, out=stays).add_(frame)
        torch.clamp(stays, min=NEVER, out=after[:, 2:])
    return paths[:, :, 2:].transpose(0, 1)
