"""Copies of recordings that went through a lossy codec, by libsndfile."""

import io

import numpy as np
import soundfile

from training.model.frontend import SAMPLE_RATE

FORMATS = {"mp3": ("MP3", "MPEG_LAYER_III", 0.95), "opus": ("OGG", "OPUS", 0.9)}  # the last: how hard it compresses


def through_codec(codec: str, recordings: list[np.ndarray]) -> list[np.ndarray]:
    """All int16 recordings in one stream, which is quicker than one each. Lengths stay as they were."""
    whole = np.concatenate(recordings)
    container, encoding, level = FORMATS[codec]
    encoded = io.BytesIO()
    soundfile.write(encoded, whole, SAMPLE_RATE, format=container, subtype=encoding, compression_level=level)
    encoded.seek(0)
    decoded, _ = soundfile.read(encoded, dtype="int16")
    out = np.zeros_like(whole)
    out[: len(decoded)] = decoded[: len(whole)]
    return np.split(out, np.cumsum([len(r) for r in recordings])[:-1])
