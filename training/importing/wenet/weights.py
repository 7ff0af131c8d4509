"""A WeNet state dict into our model, and what does not fit."""

import re

import torch
from torch import Tensor

from training.config import ModelConfig
from training.importing.wenet.problems import UnsupportedError
from training.model import AsrModel

# Tables of positions, counters, and a projection that old versions saved but did not use.
NOT_WEIGHTS = re.compile(r"(\.pe$|\.num_batches_tracked$|\.concat_linear\d*\.|^encoder\.encoders\.\d+\.concat_linear)")
# Left out of a checkpoint trained with query_bias, key_bias, value_bias, conv_bias or mlp_bias set to false.
OPTIONAL_BIAS = re.compile(r"(linear_[qkv]|linear_out|pointwise_conv\d|depthwise_conv|w_[12])\.bias$")


def state_dict_of(content: dict) -> dict[str, Tensor]:
    """WeNet saves the state dict itself; other tools wrap it."""
    for key in ("model", "state_dict"):
        if isinstance(content.get(key), dict):
            content = content[key]
    return {name.removeprefix("module."): value for name, value in content.items() if isinstance(value, Tensor)}


def load_weights(
    config: ModelConfig, state: dict[str, Tensor], cmvn: tuple[list[float], list[float]] | None
) -> AsrModel:
    """Raises UnsupportedError with every key that is missing, of another shape, or not known."""
    model = AsrModel(config)
    expected = model.state_dict()
    state = {name: value.float() for name, value in state.items() if not NOT_WEIGHTS.search(name)}
    if cmvn is not None:
        state |= {f"encoder.global_cmvn.{name}": torch.tensor(value) for name, value in zip(("mean", "istd"), cmvn)}
    problems = []
    for name, value in expected.items():
        if NOT_WEIGHTS.search(name):
            state[name] = value
        elif name not in state and OPTIONAL_BIAS.search(name):
            state[name] = torch.zeros_like(value)
        elif name not in state:
            problems.append(f"{name}: not in the checkpoint{hint(name)}")
        elif state[name].shape != value.shape:
            problems.append(f"{name}: {list(state[name].shape)}, expected {list(value.shape)}")
    problems += [f"{name}: unknown key" for name in state if name not in expected]
    if problems:
        raise UnsupportedError(problems)
    model.load_state_dict(state)
    return model.eval()


def hint(name: str) -> str:
    return " (give the statistics with --cmvn)" if name.startswith("encoder.global_cmvn.") else ""
