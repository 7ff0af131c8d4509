"""PyTorch modules traced to ONNX with dynamic batch and length: a pack's frontend and decoder."""

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from training.config import EncoderConfig
from training.model import AsrModel
from training.model.feed_forward import MoeFeedForward
from training.model.frontend import frontend_of

OPSET = 17


class DecoderGraph(nn.Module):
    """hyps [B, N, L] = sos, tokens, padding -> log-probs of tokens and eos from both sides, left to right."""

    def __init__(self, model: AsrModel):
        super().__init__()
        self.model = model

    def forward(self, encoder_out: Tensor, encoder_out_lens: Tensor, hyps: Tensor, hyps_lens: Tensor):
        return self.model.score(encoder_out, encoder_out_lens, hyps, hyps_lens)


def export_frontend(path: Path, encoder: EncoderConfig) -> None:
    inputs = {"waveform": torch.randn(2, 16000) * 0.1, "waveform_lens": torch.tensor([16000, 12000])}
    axes = {"waveform": "BN", "waveform_lens": "B", "features": "BT", "feature_lens": "B"}
    trace(frontend_of(encoder), inputs, ["features", "feature_lens"], axes, path)


def export_decoder(model: AsrModel, path: Path) -> None:
    trace_decoder(DecoderGraph(model), model, path)


def trace_decoder(graph: nn.Module, model: AsrModel, path: Path) -> None:
    """`graph` takes and gives what `DecoderGraph` does."""
    hyps = torch.randint(1, model.eos, (2, 3, 7))
    hyps[:, :, 0] = model.sos
    inputs = {
        "encoder_out": torch.randn(2, 30, model.c.encoder.size),
        "encoder_out_lens": torch.tensor([30, 21], dtype=torch.int32),
        "hyps": hyps,
        "hyps_lens": torch.tensor([[7, 5, 1], [6, 7, 2]], dtype=torch.int32),
    }
    axes = {"encoder_out": "BT", "encoder_out_lens": "B", "hyps": "BNL", "hyps_lens": "BN"}
    outputs = ["l2r_log_probs", "r2l_log_probs"]
    trace(graph, inputs, outputs, axes | dict.fromkeys(outputs, "BNL"), path)


def trace(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], axes: dict[str, str], path: Path) -> None:
    """`axes` names the leading dynamic dimensions of each tensor, one letter each."""
    # Of the wrapper too: the exporter restores its mode, and dropout would leak into the graph.
    module.eval()
    fused = any(isinstance(layer, MoeFeedForward) for layer in module.modules())
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes={name: dict(enumerate(letters)) for name, letters in axes.items()},
            opset_version=OPSET,
            custom_opsets={"com.microsoft": 1} if fused else None,
            dynamo=False,
            do_constant_folding=True,
        )
