"""The teacher: a dense conformer with CTC, computed by the recipe's own encoder from arrays in one npz file.

The names are those under which NVIDIA's stt_en_conformer_ctc_small (CC BY 4.0) was unpacked: `sub.*`, `<layer>.*` and
`head.*`, matrices [in, out]. Its subsampling pads time as well; here it does not, so that a frame of the teacher stands over
the same sound as the student's. No array of a teacher is part of a checkpoint or of a pack.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.config import EncoderConfig
from training.model.encoder import Encoder

LINEAR = {
    "feed_forward_macaron.w_1": ("ff1.w1", "ff1.b1"),
    "feed_forward_macaron.w_2": ("ff1.w2", "ff1.b2"),
    "feed_forward.w_1": ("ff2.w1", "ff2.b1"),
    "feed_forward.w_2": ("ff2.w2", "ff2.b2"),
    "self_attn.linear_q": ("att.q", "att.q_bias"),
    "self_attn.linear_k": ("att.k", "att.k_bias"),
    "self_attn.linear_v": ("att.v", "att.v_bias"),
    "self_attn.linear_out": ("att.out", "att.out_bias"),
}
NORMS = {
    "norm_ff_macaron": "norm_feed_forward1",
    "norm_mha": "norm_self_att",
    "norm_conv": "norm_conv",
    "norm_ff": "norm_feed_forward2",
    "norm_final": "norm_out",
}
BATCH_NORM_EPSILON = 1e-5
SPACE = "▁"


class Teacher(nn.Module):
    """Features normalised per utterance [B, T, 80], lens [B] -> what the subsampling and every layer put out
    (L + 1 tensors [B, T', D]), log-probabilities [B, T', V + 1] with blank last, lens' [B]."""

    def __init__(self, folder: Path):
        super().__init__()
        stored = np.load(folder / "teacher.npz")
        arrays = {name: torch.from_numpy(stored[name]).float() for name in stored.files}
        self.tokens = (folder / "tokens.txt").read_text("utf-8").splitlines()
        self.blank = len(arrays["head.b"]) - 1
        self.encoder = Encoder(encoder_config(arrays))
        self.encoder.load_state_dict(state_of(arrays), strict=False)
        self.head = nn.Linear(*reversed(arrays["head.w"].shape))
        self.head.load_state_dict({"weight": arrays["head.w"], "bias": arrays["head.b"]})
        self.requires_grad_(False).eval()

    @torch.no_grad()
    def forward(self, features: Tensor, lens: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        out: list[Tensor] = []
        _, lens = self.encoder(features, lens, layers_out=out, embedded_out=out)
        return out, torch.log_softmax(self.head(out[-1]).float(), -1), lens

    def words(self, best: Tensor) -> str:
        """Of the likeliest unit in each frame of one utterance [T']."""
        units = torch.unique_consecutive(best).tolist()
        return "".join(self.tokens[i] for i in units if i != self.blank).replace(SPACE, " ").strip().upper()


def encoder_config(arrays: dict[str, Tensor]) -> EncoderConfig:
    return EncoderConfig(
        size=arrays["sub.out"].shape[1],
        heads=arrays["0.att.u"].shape[0],
        layers=sum(name.endswith(".att.q") for name in arrays),
        hidden=arrays["0.ff1.w1"].shape[1],
        kernel=arrays["0.conv.dw"].shape[-1],
        channels=arrays["sub.1.w"].shape[0],
        experts=0,
        conv_norm="none",
        normalise="utterance",
        shift=True,
        pad_bins=True,
        dropout=0.0,
    )


def state_of(a: dict[str, Tensor]) -> dict[str, Tensor]:
    """Under the encoder's names; the batch norm is folded into the convolution before it."""
    state = {"embed.out.0.weight": a["sub.out"].T, "embed.out.0.bias": a["sub.out_bias"]}
    for n in range(2):
        state |= {f"embed.conv.{2 * n}.weight": a[f"sub.{n}.w"], f"embed.conv.{2 * n}.bias": a[f"sub.{n}.b"]}
    layer = 0
    while f"{layer}.att.q" in a:
        ours, theirs = f"encoders.{layer}", f"{layer}."
        for name, (weight, bias) in LINEAR.items():
            state |= {f"{ours}.{name}.weight": a[theirs + weight].T, f"{ours}.{name}.bias": a[theirs + bias]}
        for name, norm in NORMS.items():
            state |= {f"{ours}.{name}.{p}": a[f"{theirs}{norm}.{p}"] for p in ("weight", "bias")}
        state[f"{ours}.self_attn.linear_pos.weight"] = a[f"{theirs}att.pos"].T
        state[f"{ours}.self_attn.pos_bias_u"] = a[f"{theirs}att.u"]
        state[f"{ours}.self_attn.pos_bias_v"] = a[f"{theirs}att.v_pos"]
        state |= convolution_of(a, f"{theirs}conv.", f"{ours}.conv_module.")
        layer += 1
    return state


def convolution_of(a: dict[str, Tensor], theirs: str, ours: str) -> dict[str, Tensor]:
    gain = a[f"{theirs}bn_weight"] / torch.sqrt(a[f"{theirs}bn_var"] + BATCH_NORM_EPSILON)
    return {
        f"{ours}pointwise_conv1.weight": a[f"{theirs}pw1"],
        f"{ours}pointwise_conv1.bias": a[f"{theirs}pw1_bias"],
        f"{ours}depthwise_conv.weight": a[f"{theirs}dw"] * gain[:, None, None],
        f"{ours}depthwise_conv.bias": (a[f"{theirs}dw_bias"] - a[f"{theirs}bn_mean"]) * gain + a[f"{theirs}bn_bias"],
        f"{ours}pointwise_conv2.weight": a[f"{theirs}pw2"],
        f"{ours}pointwise_conv2.bias": a[f"{theirs}pw2_bias"],
    }
