"""python -m training.measure.peer_sherpa --model (PACK | CHECKPOINT) --output FOLDER — a model for sherpa-onnx, of WeNet's CTC type.

Writes model.onnx and tokens.txt for `npm run bench -- peers`. The graph is what sherpa-onnx asks of such a model
(its scripts/wenet/export-onnx.py): features in, CTC log-probs out, and three facts in the graph's metadata. Its decoders
are left out: sherpa-onnx has no rescoring.
"""

import argparse
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from training.graph.onnx_export import trace
from training.measure.peer_model import load_peer
from training.model import AsrModel
from training.model.frontend import normalised
from training.units.text import Units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    peer = load_peer(arguments.model)
    write_twin(peer.model, peer.units, arguments.output)


class CtcGraph(nn.Module):
    """x [B, T, bins], x_lens int64 [B] -> log_probs [B, T', V], log_probs_lens int64 [B]. Features normalised per utterance are so
    here: sherpa-onnx gives raw ones."""

    def __init__(self, model: AsrModel):
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, x_lens: Tensor) -> tuple[Tensor, Tensor]:
        if self.model.c.encoder.normalise == "utterance":
            x = normalised(x, x_lens)
        encoder_out, lens = self.model.encoder(x, x_lens)
        return self.model.ctc(encoder_out), lens


def write_twin(model: AsrModel, units: Units, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    inputs = {"x": torch.randn(2, 123, model.c.encoder.bins), "x_lens": torch.tensor([123, 99])}
    axes = {"x": "NT", "x_lens": "N", "log_probs": "NT", "log_probs_lens": "N"}
    trace(CtcGraph(model), inputs, ["log_probs", "log_probs_lens"], axes, path)
    graph = onnx.load(path)
    facts = {
        "model_type": "wenet_ctc",
        "subsampling_factor": str(model.encoder.embed.rate),
        "vocab_size": str(model.c.vocabulary),
    }
    onnx.helper.set_model_props(graph, facts)
    onnx.save(graph, path)
    (folder / "tokens.txt").write_text(units.file())


if __name__ == "__main__":
    main()
