"""In soundfile's place on a machine without it: 16-bit PCM WAV, which is all that making a pack of random weights reads."""

import wave

import numpy as np


class LibsndfileError(RuntimeError):
    pass


def read(path, dtype):
    """int16 [N] or [N, channels], and the rate. Raises LibsndfileError for anything else."""
    if dtype != "int16":
        raise LibsndfileError(f"{dtype} is not read here")
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise LibsndfileError(f"{path} has {8 * file.getsampwidth()} bits")
            rate, channels = file.getframerate(), file.getnchannels()
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except wave.Error as error:
        raise LibsndfileError(f"{path}: {error}") from error
    return samples.reshape(-1, channels) if channels > 1 else samples, rate
