"""Weights out of what WeNet leaves: a checkpoint (final.pt), or an archive in TorchScript for its runtimes (final.zip).

An archive is loaded, not run. Its `quantised` form (torch.quantization.quantize_dynamic) holds the linear layers in 8 bits:
they come back as those bits hold them.
"""

import pickle
import warnings
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from training.importing.wenet.problems import UnsupportedError
from training.importing.wenet.weights import state_dict_of

PACKED = "LinearPackedParams"  # the class, in TorchScript, of a quantised layer's weight and bias
REMAINS = (".scale", ".zero_point", "._packed_params.dtype")  # of quantised layers, in the state dict


def read_state(path: Path) -> tuple[dict[str, Tensor], bool]:
    """The state dict, and whether its linear layers were quantised. Raises UnsupportedError."""
    if is_torchscript(path):
        return read_archive(path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise UnsupportedError([f"{path}: no such file"]) from None
    except (RuntimeError, OSError, EOFError, ValueError, pickle.UnpicklingError):
        raise UnsupportedError([f"{path}: not a PyTorch checkpoint of plain weights (final.pt), nor a TorchScript archive (final.zip)"]) from None
    state = state_dict_of(content) if isinstance(content, dict) else {}
    if not state:
        raise UnsupportedError([f"{path}: no weights in it; give WeNet's final.pt"])
    return state, False


def is_torchscript(path: Path) -> bool:
    """Both formats are zip files; only an archive has code."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any("/code/" in name for name in archive.namelist())


def read_archive(path: Path) -> tuple[dict[str, Tensor], bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that PyTorch would rather have another format, and other quantisation
        try:
            module = torch.jit.load(path, map_location="cpu")
            state = {name: value for name, value in module.state_dict().items() if not name.endswith(REMAINS)}
            packed = linear_layers(module)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[0]
            raise UnsupportedError([f"{path}: this PyTorch does not read the archive ({reason}); give the checkpoint, final.pt"]) from None
    if not state and not packed:
        raise UnsupportedError([f"{path}: the archive is frozen, its weights have no names; give the checkpoint, final.pt"])
    return state_dict_of(state | packed), bool(packed)


def linear_layers(module: torch.jit.ScriptModule) -> dict[str, Tensor]:
    """Weights and biases of the quantised layers, in floats."""
    found = {}
    for name, part in module.named_modules():
        if getattr(part, "original_name", "") == PACKED:
            layer = name.removesuffix("._packed_params")
            weight, bias = torch.ops.quantized.linear_unpack(part._packed_params)
            found[f"{layer}.weight"] = weight.dequantize()
            if bias is not None:
                found[f"{layer}.bias"] = bias.detach()
    return found
