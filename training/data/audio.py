"""Recordings as 16-bit samples at 16 kHz, mono."""

import subprocess

import numpy as np
import soundfile

from training.model.frontend import SAMPLE_RATE


def read_audio(path: str) -> np.ndarray:
    """int16 [N]. libsndfile where it can, ffmpeg for every other format, rate or channel count."""
    try:
        samples, rate = soundfile.read(path, dtype="int16")
        if rate == SAMPLE_RATE and samples.ndim == 1:
            return samples
    except soundfile.LibsndfileError:
        pass  # not a format of libsndfile's
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, *RAW, "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.int16)


def read_waveform(path: str) -> np.ndarray:
    """The same as float32 [N] in [-1, 1)."""
    return read_audio(path).astype(np.float32) / 32768


RAW = ["-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE)]
