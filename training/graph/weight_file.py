"""weights.bin: the weights of all graphs of a pack, each once, however many graphs name it."""

import hashlib
from pathlib import Path

import numpy as np
from onnx import StringStringEntryProto, TensorProto
from onnx.helper import np_dtype_to_tensor_dtype

ALIGNMENT = 64  # bytes


class WeightFile:
    """A context manager; what it writes is complete when it is left."""

    def __init__(self, path: Path):
        self.path, self.file = path, open(path, "wb")
        self.places: dict[bytes, int] = {}

    def __enter__(self) -> "WeightFile":
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    def tensor(self, name: str, values: np.ndarray) -> TensorProto:
        """An initialiser that points into the file."""
        values = np.ascontiguousarray(values)
        tensor = TensorProto(name=name, dims=values.shape, data_type=np_dtype_to_tensor_dtype(values.dtype))
        tensor.data_location = TensorProto.EXTERNAL
        facts = {"location": self.path.name, "offset": self._place(values), "length": values.nbytes}
        tensor.external_data.extend(StringStringEntryProto(key=key, value=str(value)) for key, value in facts.items())
        return tensor

    def _place(self, values: np.ndarray) -> int:
        key = digest(values)
        if key not in self.places:
            self.file.write(bytes(-self.file.tell() % ALIGNMENT))
            start = self.file.tell()
            self.file.write(values.data)
            self.places[key] = start
            # A stack of experts' matrices: another graph names each of them.
            for n, part in enumerate(values if values.ndim == 3 else ()):
                self.places.setdefault(digest(part), start + n * part.nbytes)
        return self.places[key]


def digest(values: np.ndarray) -> bytes:
    return hashlib.sha256(values.data).digest()
