"""The conformer's convolution module."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvolutionModule(nn.Module):
    """Pointwise → GLU → depthwise → norm → swish → pointwise. x [B, T, D], valid bool [B, T, 1] -> [B, T, D].

    `causal`: the kernel looks back only. Before the first frame it sees what a frame of zeros becomes in pointwise_conv1
    and the GLU: WeNet pads there, and its causal models are trained so. Otherwise the kernel is centred and sees zeros
    beyond both ends; with a chunk size it sees nothing beyond the end of the frame's own chunk (dynamic chunk
    convolution, arXiv 2304.09325), so decoding in chunks meets what was trained.
    """

    def __init__(self, size: int, kernel: int, causal: bool, norm: str = "layer_norm"):
        super().__init__()
        self.causal, self.reach = causal, kernel - 1 if causal else (kernel - 1) // 2
        self.pointwise_conv1 = nn.Conv1d(size, 2 * size, 1)
        self.depthwise_conv = nn.Conv1d(size, size, kernel, groups=size)
        self.use_layer_norm = norm == "layer_norm"
        if norm == "none":
            self.norm: nn.Module = nn.Identity()
        else:
            self.norm = nn.LayerNorm(size) if self.use_layer_norm else nn.BatchNorm1d(size)
        self.pointwise_conv2 = nn.Conv1d(size, size, 1)

    def forward(self, x: Tensor, valid: Tensor, chunk: int = 0) -> Tensor:
        x = F.linear(x, self.pointwise_conv1.weight.squeeze(-1), self.pointwise_conv1.bias)
        # Masked after the GLU: its biases make padding non-zero, and the kernel would carry that into the utterance.
        x = F.glu(x, dim=-1).masked_fill(~valid, 0.0).transpose(1, 2)  # [B, D, T]
        if self.causal:
            before = self.before_first().to(x.dtype).unsqueeze(-1).expand(len(x), -1, self.reach)
            x = self.depthwise_conv(torch.cat([before, x], 2))
        elif chunk > 0:
            x = self._in_chunks(x, chunk)
        else:
            x = self.depthwise_conv(F.pad(x, (self.reach, self.reach)))
        x = self.norm(x.transpose(1, 2)) if self.use_layer_norm else self.norm(x).transpose(1, 2)
        return F.linear(F.silu(x), self.pointwise_conv2.weight.squeeze(-1), self.pointwise_conv2.bias)

    def before_first(self) -> Tensor:
        """What stands before the first frame of a causal module: [D]."""
        return F.glu(self.pointwise_conv1.bias, dim=0)

    def _in_chunks(self, x: Tensor, chunk: int) -> Tensor:
        batch, size, time = x.shape
        count = (time + chunk - 1) // chunk
        x = F.pad(x, (self.reach, count * chunk - time)).transpose(1, 2)
        # Every chunk with the frames before it, and zeros in place of the frames after it. Gathered rather than
        # unfolded: ONNX unfolds static lengths only.
        start = torch.arange(count, device=x.device).unsqueeze(1) * chunk
        source = start + torch.arange(self.reach + chunk, device=x.device)  # [chunks, reach + chunk]
        x = x.index_select(1, source.flatten()).reshape(-1, self.reach + chunk, size)
        x = self.depthwise_conv(F.pad(x.transpose(1, 2), (0, self.reach)))  # [B·chunks, D, chunk]
        return x.transpose(1, 2).reshape(batch, -1, size)[:, :time].transpose(1, 2)
