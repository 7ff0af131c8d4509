"""Self-attention with WeNet's relative positions, as attention without positions; and with positions by distance.

(q + u)·k_j + (q + v)·p_j = q·(k_j + p_j) + u·k_j + v·p_j: keys with their positions added, and a bias per key, which
takes in the mask of padding. ONNX Runtime's fused operator has a kernel without a [T', T'] matrix in memory, but not
with a bias: so the bias is one more dimension of the keys, and the queries have a 1 there.
"""

import math

import numpy as np
from onnx import TensorProto

from training.config import EncoderConfig
from training.graph.builder import MICROSOFT, Builder

FAR = 2**62  # to the end
MASKED = -1e9  # finite: a row with nothing to attend to must not become NaN


class Attention:
    def __init__(
        self,
        g: Builder,
        c: EncoderConfig,
        batch: str,
        frames: str,
        inside: str,
        positions: str,
        cpu: bool,
        chunks: tuple[int, int],
    ):
        """frames [T'], inside bool [B, T'], positions [T', D] or by distance [2T' − 1, D]; `chunks`: size, or 0; how many to the left."""
        self.g, self.heads, self.size = g, c.heads, c.size // c.heads
        self.positions, self.shift = positions, c.shift
        self.fused = cpu and chunks[0] == 0 and not c.shift
        self.scale = 1 / math.sqrt(self.size)
        self.by_time = g.op("Concat", batch, g.ints(-1, c.heads, self.size), axis=0)
        missing = g.op("Sub", g.number(1.0), g.op("Cast", inside, to=TensorProto.FLOAT))
        self.padding = g.op("Mul", g.op("Unsqueeze", missing, g.ints(2)), g.number(MASKED))  # [B, T', 1]
        self.own_head = g.weight("own_head", np.eye(c.heads, dtype=np.float32)[:, None, :])
        self.chunk_mask = self._chunk_mask(frames, *chunks) if chunks[0] else None

    def __call__(self, rows: str, at: str) -> str:
        g = self.g
        query, key, value = (g.gemm(rows, f"{at}.linear_{name}") for name in "qkv")
        place = g.gemm(self.positions, f"{at}.linear_pos")  # [T', D]
        if self.shift:
            x = self._attend_shifted(query, key, value, place, at)
            return g.gemm(g.op("Reshape", x, g.ints(-1, self.heads * self.size)), f"{at}.linear_out")
        bias = g.op("MatMul", key, self._columns(f"{at}.pos_bias_u"))
        bias = g.op("Reshape", bias, g.ints(-1, self.heads))
        query, key = (g.op("Reshape", x, self.by_time) for x in (query, key))  # [B, T', H, D/H]
        by_time = g.op("Slice", self.by_time, g.ints(0), g.ints(3), g.ints(0))
        bias = g.op("Add", g.op("Reshape", bias, by_time), g.op("MatMul", place, self._columns(f"{at}.pos_bias_v")))
        bias = g.op("Unsqueeze", g.op("Add", bias, self.padding), g.ints(3))  # [B, T', H, 1]
        key = g.op("Add", key, g.op("Reshape", place, g.ints(-1, self.heads, self.size)))
        x = (self._attend_fused if self.fused else self._attend)(query, key, value, bias)
        return g.gemm(g.op("Reshape", x, g.ints(-1, self.heads * self.size)), f"{at}.linear_out")

    def _attend_fused(self, query: str, key: str, value: str, bias: str) -> str:
        g, flat = self.g, self.g.ints(0, 0, -1)
        query = g.op("Pad", query, g.ints(0, 0, 0, 0, 0, 0, 0, 1), g.number(1.0))
        key = g.op("Concat", key, bias, axis=3)
        value = g.op("Reshape", g.op("Reshape", value, self.by_time), flat)
        query, key = (g.op("Reshape", x, flat) for x in (query, key))
        attributes = {"num_heads": self.heads, "scale": self.scale}
        return g.op("MultiHeadAttention", query, key, value, domain=MICROSOFT, **attributes)

    def _attend(self, query: str, key: str, value: str, bias: str) -> str:
        g = self.g
        query = g.op("Transpose", g.op("Mul", query, g.number(self.scale)), perm=[0, 2, 1, 3])
        scores = g.op("MatMul", query, g.op("Transpose", key, perm=[0, 2, 3, 1]))  # [B, H, T', T']
        bias = g.op("Transpose", g.op("Mul", bias, g.number(self.scale)), perm=[0, 2, 3, 1])  # [B, H, 1, T']
        scores = g.op("Add", scores, bias)
        if self.chunk_mask is not None:
            scores = g.op("Add", scores, self.chunk_mask)
        value = g.op("Transpose", g.op("Reshape", value, self.by_time), perm=[0, 2, 1, 3])
        return g.op("Transpose", g.op("MatMul", g.op("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])

    def _attend_shifted(self, query: str, key: str, value: str, place: str, at: str) -> str:
        """(q + u)·k_j + (q + v)·p_(i−j), the second by rows of distances (`by_distance` in model/attention.py)."""
        g = self.g
        of_head = g.ints(1, 1, self.heads, self.size)
        query = g.op("Mul", g.op("Reshape", query, self.by_time), g.number(self.scale))  # [B, T', H, D/H]
        biases = (g.op("Reshape", g.parameter(f"{at}.pos_bias_{name}"), of_head) for name in "uv")
        to_keys, to_places = (
            g.op("Transpose", g.op("Add", query, g.op("Mul", bias, g.number(self.scale))), perm=[0, 2, 1, 3])
            for bias in biases
        )
        key = g.op("Transpose", g.op("Reshape", key, self.by_time), perm=[0, 2, 3, 1])
        place = g.op("Transpose", g.op("Reshape", place, g.ints(-1, self.heads, self.size)), perm=[1, 2, 0])
        distances = g.op("MatMul", to_places, place)  # [B, H, T', 2T' − 1]
        shape, time = g.op("Shape", distances), g.dimension(distances, 2)
        rows = g.op("Pad", distances, g.ints(0, 0, 0, 1, 0, 0, 0, 0))
        rows = g.op("Slice", g.op("Reshape", rows, g.ints(0, 0, -1)), time, g.ints(FAR), g.ints(2))
        positions = g.op("Slice", g.op("Reshape", rows, shape), g.ints(0), time, g.ints(3))  # [B, H, T', T']
        scores = g.op("Add", g.op("MatMul", to_keys, key), positions)
        scores = g.op("Add", scores, g.op("Unsqueeze", g.op("Transpose", self.padding, perm=[0, 2, 1]), g.ints(1)))
        if self.chunk_mask is not None:
            scores = g.op("Add", scores, self.chunk_mask)
        value = g.op("Transpose", g.op("Reshape", value, self.by_time), perm=[0, 2, 1, 3])
        return g.op("Transpose", g.op("MatMul", g.op("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])

    def _columns(self, key: str) -> str:
        """A bias per head [H, D/H] as a matrix [D, H] that multiplies each head's part of a row; folded at load."""
        g = self.g
        bias = g.op("Mul", g.op("Unsqueeze", g.parameter(key), g.ints(2)), self.own_head)
        return g.op("Reshape", bias, g.ints(self.heads * self.size, self.heads))

    def _chunk_mask(self, frames: str, chunk: int, left_chunks: int) -> str:
        """[T', T']: a frame sees its own chunk and `left_chunks` before it, all of them when negative."""
        g = self.g
        number = g.op("Div", frames, g.integer(chunk))
        of_query, of_key = g.op("Unsqueeze", number, g.ints(1)), g.op("Unsqueeze", number, g.ints(0))
        hidden = g.op("Greater", of_key, of_query)
        if left_chunks >= 0:
            oldest = g.op("Sub", of_query, g.integer(left_chunks))
            hidden = g.op("Or", hidden, g.op("Less", of_key, oldest))
        return g.op("Mul", g.op("Cast", hidden, to=TensorProto.FLOAT), g.number(MASKED))
