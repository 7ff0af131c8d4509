"""What WeNet computes with a state dict, written from its definitions: one utterance at a time, in float64, no masks.

Nothing of our model is used here, so that its tests have something to differ from.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

EPSILON = 1e-5  # of every norm, batch norm too
CONVOLUTIONS = {"conv2d": ((2, 2), "out.0"), "conv2d6": ((2, 3), "linear"), "conv2d8": ((2, 2, 2), "linear")}


class Wenet:
    """`encoder` and `decoder` are train.yaml's encoder_conf and decoder_conf."""

    def __init__(self, state: dict[str, Tensor], encoder: dict, decoder: dict, sos: int, eos: int):
        self.state = {name: value.double() for name, value in state.items()}
        self.encoder, self.decoder, self.sos, self.eos = encoder, decoder, sos, eos

    def encode(self, features: Tensor, chunk: int = 0) -> Tensor:
        """features [T, bins], raw log-mel -> [T', D]. Frame i of a chunk size attends to no frame after its own chunk."""
        x = (features.double() - self.state["encoder.global_cmvn.mean"]) * self.state["encoder.global_cmvn.istd"]
        x = self.subsample(x)
        x = x * math.sqrt(x.shape[-1])
        positions = sinusoids(*x.shape)
        number = torch.arange(len(x)) // (chunk or len(x))
        seen = number[None] <= number[:, None]
        for n in range(self.encoder["num_blocks"]):
            at = f"encoder.encoders.{n}"
            x = x + 0.5 * self.feed_forward(f"{at}.feed_forward_macaron", self.norm(f"{at}.norm_ff_macaron", x), F.silu, self.encoder)
            x = x + self.relative_attention(f"{at}.self_attn", self.norm(f"{at}.norm_mha", x), positions, seen)
            x = x + self.convolve(f"{at}.conv_module", self.norm(f"{at}.norm_conv", x))
            x = x + 0.5 * self.feed_forward(f"{at}.feed_forward", self.norm(f"{at}.norm_ff", x), F.silu, self.encoder)
            x = self.norm(f"{at}.norm_final", x)
        return self.norm("encoder.after_norm", x)

    def ctc(self, encoded: Tensor) -> Tensor:
        return torch.log_softmax(self.linear("ctc.ctc_lo", encoded), -1)

    def score(self, encoded: Tensor, tokens: list[int], reverse: bool = False) -> float:
        """Σ log p of the tokens and of eos after them, in their order or from the last to the first."""
        tokens = tokens[::-1] if reverse else tokens
        two = self.decoder.get("r_num_blocks", 0) > 0
        name = f"decoder.{'right_decoder' if reverse else 'left_decoder'}" if two else "decoder"
        blocks = self.decoder["r_num_blocks" if reverse else "num_blocks"]
        x = self.state[f"{name}.embed.0.weight"][torch.tensor([self.sos, *tokens])]
        x = x * math.sqrt(x.shape[-1]) + sinusoids(*x.shape)
        seen = torch.ones(len(x), len(x)).tril().bool()
        activation = {"relu": F.relu, "swish": F.silu}[self.decoder.get("activation_type", "relu")]
        for n in range(blocks):
            at = f"{name}.decoders.{n}"
            h = self.norm(f"{at}.norm1", x)
            x = x + self.attention(f"{at}.self_attn", h, h, seen)
            x = x + self.attention(f"{at}.src_attn", self.norm(f"{at}.norm2", x), encoded, None)
            x = x + self.feed_forward(f"{at}.feed_forward", self.norm(f"{at}.norm3", x), activation, self.decoder)
        logits = self.linear(f"{name}.output_layer", self.norm(f"{name}.after_norm", x))
        targets = torch.tensor([*tokens, self.eos])
        return torch.log_softmax(logits, -1)[range(len(targets)), targets].sum().item()

    def subsample(self, x: Tensor) -> Tensor:
        strides, projection = CONVOLUTIONS[self.encoder["input_layer"]]
        x = x[None, None]
        for n, stride in enumerate(strides):
            key = f"encoder.embed.conv.{2 * n}"
            x = F.relu(F.conv2d(x, self.state[f"{key}.weight"], self.state[f"{key}.bias"], stride))
        return self.linear(f"encoder.embed.{projection}", x[0].transpose(0, 1).flatten(1))  # [T', channels · bins']

    def convolve(self, at: str, x: Tensor) -> Tensor:
        """A causal module pads its input on the left, in front of the pointwise layer with its bias and of the GLU."""
        kernel = self.state[f"{at}.depthwise_conv.weight"]
        x, around = x.T, kernel.shape[-1] - 1
        if self.encoder["causal"]:
            x = F.pad(x, (around, 0))
        x = F.conv1d(x, self.state[f"{at}.pointwise_conv1.weight"], self.state.get(f"{at}.pointwise_conv1.bias"))
        value, gate = x.chunk(2)
        x = value * torch.sigmoid(gate)
        if not self.encoder["causal"]:
            x = F.pad(x, (around // 2, around // 2))
        x = F.conv1d(x, kernel, self.state.get(f"{at}.depthwise_conv.bias"), groups=len(x)).T
        if self.encoder["cnn_module_norm"] == "batch_norm":
            scale = self.state[f"{at}.norm.weight"] / torch.sqrt(self.state[f"{at}.norm.running_var"] + EPSILON)
            x = (x - self.state[f"{at}.norm.running_mean"]) * scale + self.state[f"{at}.norm.bias"]
        else:
            x = self.norm(f"{at}.norm", x)
        x = F.silu(x).T
        return F.conv1d(x, self.state[f"{at}.pointwise_conv2.weight"], self.state.get(f"{at}.pointwise_conv2.bias")).T

    def relative_attention(self, at: str, x: Tensor, positions: Tensor, seen: Tensor) -> Tensor:
        """No shift: the term of position is (q_i + v)·p_j."""
        query, key, place = (self.heads(self.linear(f"{at}.linear_{n}", y)) for n, y in (("q", x), ("k", x), ("pos", positions)))
        u, v = (self.state[f"{at}.pos_bias_{n}"][:, None] for n in "uv")  # [H, 1, D/H]
        return self.weigh(at, (query + u) @ key.mT + (query + v) @ place.mT, x, seen)

    def attention(self, at: str, x: Tensor, memory: Tensor, seen: Tensor | None) -> Tensor:
        query, key = self.heads(self.linear(f"{at}.linear_q", x)), self.heads(self.linear(f"{at}.linear_k", memory))
        return self.weigh(at, query @ key.mT, memory, seen)

    def weigh(self, at: str, scores: Tensor, memory: Tensor, seen: Tensor | None) -> Tensor:
        value = self.heads(self.linear(f"{at}.linear_v", memory))
        scores = scores / math.sqrt(value.shape[-1])
        if seen is not None:
            scores = scores.masked_fill(~seen, -math.inf)
        return self.linear(f"{at}.linear_out", (torch.softmax(scores, -1) @ value).transpose(0, 1).flatten(1))

    def heads(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), self.encoder["attention_heads"], -1).transpose(0, 1)  # [H, T, D/H]

    def feed_forward(self, at: str, x: Tensor, activation, conf: dict) -> Tensor:
        if conf.get("mlp_type") != "moe":
            return self.linear(f"{at}.w_2", activation(self.linear(f"{at}.w_1", x)))
        out = torch.zeros_like(x)
        for row, token in enumerate(x):
            best = (self.state[f"{at}.gate.weight"] @ token).topk(conf["n_expert_activated"])
            for weight, e in zip(torch.softmax(best.values, 0), best.indices.tolist()):
                hidden = activation(self.linear(f"{at}.experts.{e}.w_1", token))
                out[row] += weight * self.linear(f"{at}.experts.{e}.w_2", hidden)
        return out

    def linear(self, at: str, x: Tensor) -> Tensor:
        return F.linear(x, self.state[f"{at}.weight"], self.state.get(f"{at}.bias"))

    def norm(self, at: str, x: Tensor) -> Tensor:
        x = x - x.mean(-1, keepdim=True)
        x = x / torch.sqrt(x.square().mean(-1, keepdim=True) + EPSILON)
        return x * self.state[f"{at}.weight"] + self.state[f"{at}.bias"]


def sinusoids(length: int, size: int) -> Tensor:
    angle = torch.arange(length).double()[:, None] / 10_000 ** (torch.arange(0, size, 2).double() / size)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1)  # sines at even places
