"""Global CMVN statistics, WeNet's JSON or Kaldi's text, as mean and inverse standard deviation."""

import json
import math
from pathlib import Path

from training.importing.wenet.problems import UnsupportedError

SMALLEST = 1e-20


def no_cmvn(bins: int) -> tuple[list[float], list[float]]:
    """What leaves features as they are."""
    return [0.0] * bins, [1.0] * bins


def read_cmvn(path: Path) -> tuple[list[float], list[float]]:
    """The format is told by the content. Raises UnsupportedError for anything else, Kaldi's binary form included."""
    try:
        content = path.read_text().strip()
    except UnicodeDecodeError:
        raise UnsupportedError([f"{path}: binary; write it as text with copy-matrix --binary=false"]) from None
    if content.startswith("{"):
        stats = json.loads(content)
        return normalise(stats["mean_stat"], stats["var_stat"], stats["frame_num"])
    numbers = content.split()
    if len(numbers) < 6 or numbers[0] != "[" or numbers[-1] != "]" or numbers[-2] != "0":
        raise UnsupportedError([f"{path}: neither WeNet's JSON nor Kaldi's text [ sums count squares 0 ]"])
    values = [float(n) for n in numbers[1:-2]]
    bins = (len(values) - 1) // 2
    return normalise(values[:bins], values[bins + 1 :], values[bins])


def normalise(sums: list[float], squares: list[float], count: float) -> tuple[list[float], list[float]]:
    mean = [s / count for s in sums]
    variance = [max(q / count - m * m, SMALLEST) for q, m in zip(squares, mean, strict=True)]
    return mean, [1 / math.sqrt(v) for v in variance]
