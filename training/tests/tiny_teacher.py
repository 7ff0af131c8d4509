"""A teacher of random weights, small enough for a test, and a student that fits it."""

from pathlib import Path

import numpy as np

from training.tests.support import tiny_model_config

SIZE, HIDDEN, LAYERS, KERNEL, CHANNELS, HEADS = 32, 24, 2, 7, 4, 2
PIECES = ["▁YES", "▁NO", "▁GO", "S"]


def write_teacher(folder: Path) -> Path:
    """Random arrays under the names of the real one."""
    random = np.random.default_rng(3)

    def normal(*shape: int, scale: float = 0.3) -> np.ndarray:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    arrays = {"sub.0.w": normal(CHANNELS, 1, 3, 3), "sub.0.b": normal(CHANNELS), "sub.1.b": normal(CHANNELS)}
    arrays |= {"sub.1.w": normal(CHANNELS, CHANNELS, 3, 3), "sub.out": normal(CHANNELS * 20, SIZE), "sub.out_bias": normal(SIZE)}
    for n in range(LAYERS):
        layer: dict[str, np.ndarray] = {}
        for ff in ("ff1", "ff2"):
            layer |= {f"{ff}.w1": normal(SIZE, HIDDEN), f"{ff}.b1": normal(HIDDEN)}
            layer |= {f"{ff}.w2": normal(HIDDEN, SIZE), f"{ff}.b2": normal(SIZE)}
        for name in ("q", "k", "v", "out"):
            layer |= {f"att.{name}": normal(SIZE, SIZE), f"att.{name}_bias": normal(SIZE)}
        layer |= {"att.pos": normal(SIZE, SIZE), "att.u": normal(HEADS, SIZE // HEADS), "att.v_pos": normal(HEADS, SIZE // HEADS)}
        layer |= {"conv.pw1": normal(2 * SIZE, SIZE, 1), "conv.pw1_bias": normal(2 * SIZE), "conv.dw": normal(SIZE, 1, KERNEL)}
        layer |= {"conv.dw_bias": normal(SIZE), "conv.pw2": normal(SIZE, SIZE, 1), "conv.pw2_bias": normal(SIZE)}
        layer |= {"conv.bn_weight": 1 + normal(SIZE), "conv.bn_bias": normal(SIZE), "conv.bn_mean": normal(SIZE)}
        layer["conv.bn_var"] = np.exp(normal(SIZE))
        for name in ("feed_forward1", "self_att", "conv", "feed_forward2", "out"):
            layer |= {f"norm_{name}.weight": 1 + normal(SIZE), f"norm_{name}.bias": normal(SIZE)}
        arrays |= {f"{n}.{name}": value for name, value in layer.items()}
    arrays |= {"head.w": normal(len(PIECES) + 1, SIZE), "head.b": normal(len(PIECES) + 1)}
    folder.mkdir()
    np.savez(folder / "teacher.npz", **arrays)
    (folder / "tokens.txt").write_text("\n".join(PIECES))
    return folder


def student_config(layers: int = LAYERS):
    encoder = {"layers": layers, "shift": True, "pad_bins": True, "normalise": "utterance", "conv_norm": "none"}
    return tiny_model_config(**encoder)
