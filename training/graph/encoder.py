"""The encoder's graph. Rows of all utterances go through the linear layers as one matrix [B·T', D].

`cpu`: attention as ONNX Runtime's fused operator, whose kernel on a CPU never holds a [T', T'] matrix in memory.
"""

import math

from onnx import TensorProto, helper

from training.config import EncoderConfig
from training.graph.attention import Attention
from training.graph.builder import MICROSOFT, Builder
from training.graph.convolution import ConvolutionModule
from training.graph.moe import ROWS_INSIDE
from training.graph.onnx_graph import OnnxGraph
from training.graph.subsampling import subsample, subsampled_lens
from training.model import AsrModel
from training.model.feed_forward import MoeFeedForward
from training.model.fused_moe import ONNX_NAMES

CANDIDATES = 20


def build_encoder(model: AsrModel, chunk: int = 0, left_chunks: int = -1, cpu: bool = True) -> OnnxGraph:
    """speech [B, T, bins], speech_lengths [B] -> WeNet's five outputs. `chunk` is baked in; 0 is full context.

    A MoE layer is the fused operator here, in both forms.
    """
    c, g = model.c.encoder, Builder(dict(model.named_parameters()) | dict(model.named_buffers()))
    x = g.op("Sub", "speech", g.parameter("encoder.global_cmvn.mean"))
    x = subsample(g, model.encoder.embed, g.op("Mul", x, g.parameter("encoder.global_cmvn.istd")))  # [B, 1, T', D]
    lens = subsampled_lens(g, model.encoder.embed, "speech_lengths")
    batch, time = g.dimension(x, 0), g.dimension(x, 2)
    frames = g.op("Range", g.integer(0), g.op("Squeeze", time), g.integer(1))
    inside = g.op("Less", frames, g.op("Unsqueeze", lens, g.ints(1)))  # [B, T']
    if c.experts:  # expand_moe finds it by its name
        g.op("Reshape", inside, g.ints(-1), name=ROWS_INSIDE)
    valid = g.op("Reshape", g.op("Cast", inside, to=TensorProto.FLOAT), g.ints(-1, 1))  # [B·T', 1]
    positions = position_rows(g, c, time)
    attention = Attention(g, c, batch, frames, inside, positions, cpu, (chunk, left_chunks))
    convolution = ConvolutionModule(g, c, batch, time, valid, chunk)

    x = g.op("Mul", g.op("Reshape", x, g.ints(-1, c.size)), g.number(math.sqrt(c.size)))
    for n, layer in enumerate(model.encoder.encoders):
        at = f"encoder.encoders.{n}"
        h = g.norm(x, f"{at}.norm_ff_macaron")
        x = g.op("Add", x, feed_forward(g, h, f"{at}.feed_forward_macaron", layer.feed_forward_macaron))
        x = g.op("Add", x, attention(g.norm(x, f"{at}.norm_mha"), f"{at}.self_attn"))
        x = g.op("Add", x, convolution(g.norm(x, f"{at}.norm_conv"), f"{at}.conv_module", layer.conv_module))
        x = g.op("Add", x, feed_forward(g, g.norm(x, f"{at}.norm_ff"), f"{at}.feed_forward", layer.feed_forward))
        x = g.norm(x, f"{at}.norm_final")
    x = g.norm(x, "encoder.after_norm")

    by_time = g.op("Concat", batch, time, g.ints(-1), axis=0)
    g.op("Reshape", x, by_time, name="encoder_out")
    g.op("Cast", lens, to=TensorProto.INT32, name="encoder_out_lens")
    # Reshaped before the softmax: what a graph gives back would be copied.
    logits = g.op("Reshape", g.gemm(x, "ctc.ctc_lo"), by_time)
    log_probs = g.op("LogSoftmax", logits, axis=-1, name="ctc_log_probs")
    candidates = min(CANDIDATES, model.c.vocabulary)
    g.ops("TopK", ["beam_log_probs", "beam_log_probs_idx"], log_probs, g.ints(candidates), axis=-1)
    real, frames_of = TensorProto.FLOAT, ["B", "T_out"]
    value = helper.make_tensor_value_info
    return g.finish(
        [value("speech", real, ["B", "T", c.bins]), value("speech_lengths", TensorProto.INT32, ["B"])],
        [
            value("encoder_out", real, [*frames_of, c.size]),
            value("encoder_out_lens", TensorProto.INT32, ["B"]),
            value("ctc_log_probs", real, [*frames_of, model.c.vocabulary]),
            value("beam_log_probs", real, [*frames_of, candidates]),
            value("beam_log_probs_idx", TensorProto.INT64, [*frames_of, candidates]),
        ],
    )


def position_rows(g: Builder, c: EncoderConfig, time: str) -> str:
    """[T', D], or [2T' − 1, D] by distance (`Encoder.positions_for`)."""
    first, end = g.ints(0), time
    if c.shift:
        middle = g.ints(c.max_frames)
        first, end = g.op("Sub", middle, time), g.op("Add", g.op("Sub", middle, g.ints(1)), time)
    return g.op("Slice", g.parameter("encoder.positions"), first, end, g.ints(0))


def feed_forward(g: Builder, rows: str, at: str, layer) -> str:
    """Half of the layer's output: it is added with a weight of 0.5."""
    if isinstance(layer, MoeFeedForward):
        weights = [g.parameter(f"{at}.{name}") for name in ("w1", "b1", "w2", "b2")]
        y = g.op(
            "MoE",
            *(rows, g.gemm(rows, f"{at}.gate"), *weights),
            domain=MICROSOFT,
            k=layer.top_k,
            activation_type=ONNX_NAMES[layer.activation],
            normalize_routing_weights=1,
        )
        return g.op("Mul", y, g.number(0.5))
    h = g.gemm(rows, f"{at}.w_1")
    return g.gemm(g.op("Mul", h, g.op("Sigmoid", h)), f"{at}.w_2", 0.5)
