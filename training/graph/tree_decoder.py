"""The decoder graph that computes every distinct beginning of an n-best list once.

Hypotheses of one utterance share most of their beginnings (and, right to left, their endings): written as a prefix
tree, a 10-best list has a fifth to two thirds of the list's places. The graph takes and gives what `DecoderGraph` does
and finds the tree itself. All layers run over the tree's nodes, packed over the batch without padding; self-attention
alone goes back to the list, where a causal mask does what a mask of ancestors would do in the tree, for L keys instead
of M.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from training.graph.onnx_export import trace_decoder
from training.model import AsrModel
from training.model.attention import Attention
from training.model.decoder import TransformerDecoder
from training.model.masks import causal_mask, length_mask
from training.model.targets import decoder_targets, restore_order, reverse_tokens

MASKED = -1e30  # added to scores; finite, so that nothing becomes NaN


@dataclass
class PrefixTree:
    """M nodes of B lists of N hypotheses of L places; a node stands at the first place that its prefix ends at."""

    home: Tensor  # [M] its place in [B·N·L]
    node: Tensor  # [B·N, L] node of every place; any node at padding
    row: Tensor  # [B, Q] nodes of every utterance; any node at padding
    column: Tensor  # [M] place of each node in [B·Q]


def prefix_tree(tokens: Tensor, lens: Tensor) -> PrefixTree:
    """tokens [B, N, L], lens [B, N, 1], none of them 0. Exact: prefixes are compared, not hashed."""
    batch, count, length = tokens.shape
    position = torch.arange(length, device=tokens.device)
    hypothesis = torch.arange(count, device=tokens.device)
    inside = position < lens
    # Padding equals no token, not even eos where a hypothesis holds one.
    tokens = torch.where(inside, tokens, torch.full_like(tokens, -1))
    differs = tokens.unsqueeze(2) != tokens.unsqueeze(1)  # [B, N, N, L]
    common = torch.where(differs, position, length).amin(-1, keepdim=True)  # [B, N, N, 1] places shared
    first = torch.where(common > position, hypothesis.unsqueeze(1), count).amin(2)  # [B, N, L] whose place it is
    own = ((first == hypothesis.unsqueeze(1)) & inside).reshape(-1)
    utterance = torch.arange(batch, device=tokens.device).reshape(-1, 1, 1)
    place = (utterance * count + first) * length + position
    node = (torch.cumsum(own.long(), 0) - 1)[place.reshape(-1, length)]
    home = own.nonzero().squeeze(1)

    counts = own.reshape(batch, -1).sum(1)
    starts = torch.cumsum(counts, 0) - counts
    number = torch.arange(home.shape[0], device=tokens.device)
    owner = torch.div(home, count * length, rounding_mode="floor")
    width = counts.max()
    row = torch.clamp(starts.unsqueeze(1) + torch.arange(width, device=tokens.device), max=home.shape[0] - 1)
    return PrefixTree(home, node, row, number - starts[owner] + owner * width)


class TreeDecoderGraph(nn.Module):
    """`DecoderGraph`'s inputs and outputs, to float rounding."""

    def __init__(self, model: AsrModel):
        super().__init__()
        self.model = model

    def forward(self, encoder_out: Tensor, encoder_out_lens: Tensor, hyps: Tensor, hyps_lens: Tensor):
        lens = hyps_lens.to(torch.int64).unsqueeze(-1)  # [B, N, 1]
        inside = torch.arange(hyps.shape[2], device=hyps.device) < lens
        seen = length_mask(encoder_out_lens, encoder_out.shape[1])
        memory_mask = torch.where(seen, 0.0, MASKED)[:, None, None, :]
        eos = self.model.eos
        left = score(self.model.left, encoder_out, memory_mask, hyps, lens, eos)
        if self.model.right is None:
            left = left.masked_fill(~inside, 0.0)
            return left, left
        backwards = reverse_tokens(hyps, lens, eos)
        right = restore_order(score(self.model.right, encoder_out, memory_mask, backwards, lens, eos), lens)
        return left.masked_fill(~inside, 0.0), right.masked_fill(~inside, 0.0)


def score(decoder: TransformerDecoder, memory: Tensor, memory_mask: Tensor, tokens: Tensor, lens: Tensor, eos: int):
    """Log-probs of the targets [B, N, L]; anything at padding."""
    tree = prefix_tree(tokens, lens)
    length = tokens.shape[2]
    causal = torch.where(causal_mask(length, tokens.device), 0.0, MASKED)
    # One batch of M, for the exporter's sake: the products then keep the form, and so the weights, of the list's graph.
    x = decoder.embed(tokens.reshape(-1)[tree.home].unsqueeze(0)) * decoder.scale  # [1, M, D]
    x = x + decoder.positions[tree.home % length]
    for layer in decoder.decoders:
        x = x + self_attention(layer.self_attn, layer.norm1(x), causal, tree)
        x = x + cross_attention(layer.src_attn, layer.norm2(x), memory, memory_mask, tree)
        x = x + layer.feed_forward(layer.norm3(x))
    log_probs = torch.log_softmax(decoder.output_layer(decoder.after_norm(x)).float(), dim=-1)  # [1, M, V]
    targets = decoder_targets(tokens, lens, eos)
    chosen = tree.node.reshape(tokens.shape) * log_probs.shape[2] + targets
    return log_probs.reshape(-1)[chosen]


def self_attention(attention: Attention, x: Tensor, mask: Tensor, tree: PrefixTree) -> Tensor:
    query = attention.linear_q(x) * (1 / math.sqrt(attention.head_size))
    rows = (query, attention.linear_k(x), attention.linear_v(x))
    query, key, value = (heads(attention, y.squeeze(0)[tree.node]) for y in rows)
    return attention.linear_out(weigh(query, key, value, mask)[tree.home].unsqueeze(0))


def cross_attention(attention: Attention, x: Tensor, memory: Tensor, mask: Tensor, tree: PrefixTree) -> Tensor:
    query = attention.linear_q(x) * (1 / math.sqrt(attention.head_size))
    query = heads(attention, query.squeeze(0)[tree.row])
    key, value = heads(attention, attention.linear_k(memory)), heads(attention, attention.linear_v(memory))
    return attention.linear_out(weigh(query, key, value, mask)[tree.column].unsqueeze(0))


def heads(attention: Attention, x: Tensor) -> Tensor:
    """[X, T, D] -> [X, H, T, D/H]."""
    return x.reshape(x.shape[0], -1, attention.heads, attention.head_size).transpose(1, 2)


def weigh(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """[X, H, T, D/H], the query already scaled -> [X·T, D]."""
    weights = torch.softmax(torch.matmul(query, key.transpose(-2, -1)) + mask, dim=-1)
    return torch.matmul(weights, value).transpose(1, 2).reshape(-1, query.shape[1] * query.shape[3])


def export_tree_decoder(model: AsrModel, path: Path) -> None:
    """Names, shapes and dynamic axes of `export_decoder`: the engine need not know which of the two a pack holds."""
    trace_decoder(TreeDecoderGraph(model), model, path)
