"""python -m training.tests.wenet_folder OUTPUT — what the engine's tests of WeNet's own ONNX exports read.

Writes, of one tiny random model, OUTPUT/export: a folder as wenet/bin/export_onnx_gpu.py leaves it, with train.yaml and
units.txt beside; OUTPUT/pack: the same weights as a pack's encoder and decoder; OUTPUT/other: a decoder that goes left to
right only, and encoders with the tensors of the exports that the engine refuses. Tensor names, shapes and what the graphs
compute are WeNet's; the weights mean nothing.
"""

import sys
import warnings
from pathlib import Path

import onnx
import torch
import yaml
from onnx import TensorProto, helper
from torch import Tensor, nn

from training.config import DecoderConfig, EncoderConfig, ModelConfig
from training.graph.encoder import build_encoder
from training.graph.onnx_export import export_decoder
from training.graph.pack import traced
from training.graph.save import save_graphs
from training.model import AsrModel
from training.model.decoder import TransformerDecoder
from training.model.masks import length_mask
from training.tests.support import tiny_model

PLACES = 4  # K, the export's --beam_size
CTC_WEIGHT, REVERSE_WEIGHT = 3.0, 0.5
PIECES = ["<blank>", "<unk>", *"ABCDEFGHIJKLMNOP", "▁", "<sos/eos>"]
POSITIONS = 160  # instead of thousands, which would be most of the files


class OfflineEncoder(nn.Module):
    """speech [B, T, 80], speech_lengths [B] -> encoder_out, its lengths, CTC log-probs, and their best K."""

    def __init__(self, model: AsrModel):
        super().__init__()
        self.encoder, self.ctc = model.encoder, model.ctc

    def forward(self, speech: Tensor, speech_lengths: Tensor):
        out, lens = self.encoder(speech, speech_lengths)
        log_probs = self.ctc(out)
        return out, lens.int(), log_probs, *torch.topk(log_probs, PLACES, dim=2)


class RescoringDecoder(nn.Module):
    """encoder_out, encoder_out_lens, hyps [B, K, L+2] with sos and eos, their lengths with sos, CTC scores -> best_index."""

    def __init__(self, model: AsrModel, reverse_weight: float):
        super().__init__()
        self.left, self.right, self.reverse_weight = model.left, model.right, reverse_weight

    def forward(self, encoder_out: Tensor, lens: Tensor, hyps: Tensor, hyps_lens: Tensor, *rest: Tensor):
        *reverse, ctc_score = rest
        mask = length_mask(lens, encoder_out.shape[1])[:, None, None, :]

        def total(decoder: TransformerDecoder, hyps: Tensor) -> Tensor:
            log_probs = torch.log_softmax(decoder(encoder_out, mask, hyps[..., :-1], hyps_lens), dim=-1)
            inside = torch.arange(hyps.shape[2] - 1) < hyps_lens.unsqueeze(-1)
            targets = (hyps[..., 1:] * inside).unsqueeze(-1)
            return (log_probs.gather(-1, targets).squeeze(-1) * inside).sum(-1)

        score = total(self.left, hyps)
        if self.reverse_weight > 0:
            score = (1 - self.reverse_weight) * score + self.reverse_weight * total(self.right, reverse[0])
        return torch.argmax(score + CTC_WEIGHT * ctc_score, dim=1)


def small_model() -> AsrModel:
    sizes = {"size": 16, "heads": 2, "hidden": 16, "experts": 0, "dropout": 0.0}
    encoder = EncoderConfig(**sizes, layers=1, kernel=3, channels=2, max_frames=POSITIONS)
    decoder = DecoderConfig(layers=1, right_layers=1, heads=2, hidden=16, experts=0, dropout=0.0)
    model = tiny_model(ModelConfig(vocabulary=len(PIECES), encoder=encoder, decoder=decoder), seed=3)
    with torch.no_grad():
        # Found by trying: different recordings get different texts; both decoders and the CTC scores have their say in which
        # hypothesis is the best of the engine's twenty fixtures, and none wins by less than 0.4.
        model.encoder.embed.out[0].weight.mul_(8)
        model.ctc.ctc_lo.weight.mul_(2)
        model.ctc.ctc_lo.bias[0] += 2
        model.right.output_layer.weight.mul_(3)
        for part in (model.left, model.right):
            part.positions = part.positions[:POSITIONS]
    return model.eval()


def export_encoder(model: AsrModel, path: Path) -> None:
    inputs = {"speech": torch.randn(2, 90, 80) + 10, "speech_lengths": torch.tensor([90, 61], dtype=torch.int32)}
    outputs = ["encoder_out", "encoder_out_lens", "ctc_log_probs", "beam_log_probs", "beam_log_probs_idx"]
    lengths = ("speech_lengths", "encoder_out_lens")
    axes = {name: {0: "B"} if name in lengths else {0: "B", 1: "T_OUT"} for name in outputs}
    axes |= {"speech": {0: "B", 1: "T"}, "speech_lengths": {0: "B"}}
    export(OfflineEncoder(model), inputs, outputs, axes, path)


def export_rescoring(model: AsrModel, reverse_weight: float, path: Path) -> None:
    hyps = torch.randint(1, len(PIECES) - 1, (2, PLACES, 9))
    inputs = {
        "encoder_out": torch.randn(2, 30, model.c.encoder.size),
        "encoder_out_lens": torch.tensor([30, 21], dtype=torch.int32),
        "hyps_pad_sos_eos": hyps,
        "hyps_lens_sos": torch.tensor([[8, 5, 1, 3], [6, 8, 2, 7]], dtype=torch.int32),
        **({"r_hyps_pad_sos_eos": hyps} if reverse_weight > 0 else {}),
        "ctc_score": torch.randn(2, PLACES),
    }
    # The number of hypotheses is fixed, as in WeNet's.
    axes = {name: {0: "B", 2: "T2"} if "hyps_pad" in name else {0: "B"} for name in (*inputs, "best_index")}
    axes["encoder_out"] = {0: "B", 1: "T"}
    export(RescoringDecoder(model, reverse_weight), inputs, ["best_index"], axes, path)


def export(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], axes: dict, path: Path) -> None:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=13,
            dynamo=False,
        )
    shrink(path)


def shrink(path: Path) -> None:
    """Names of the exporter's own are most of a tiny graph."""
    model = onnx.load(str(path), load_external_data=False)
    graph = model.graph
    names = {tensor.name: tensor.name for tensor in (*graph.input, *graph.output)}
    for node in graph.node:
        node.ClearField("name"), node.ClearField("doc_string"), node.ClearField("metadata_props")
        for side in (node.input, node.output):
            side[:] = [name and names.setdefault(name, f"v{len(names)}") for name in side]
    for tensor in graph.initializer:
        tensor.name = names[tensor.name]
    graph.ClearField("value_info")
    path.write_bytes(model.SerializeToString())
    onnx.checker.check_model(str(path))


def write_stub(path: Path, inputs: dict[str, tuple], outputs: dict[str, tuple]) -> None:
    """A graph with these tensors, (type, shape) by name, whose outputs are casts of its first input."""
    first = next(iter(inputs))
    nodes = [helper.make_node("Cast", [first], [name], to=kind) for name, (kind, _) in outputs.items()]
    tensors = [[helper.make_tensor_value_info(n, *facts) for n, facts in side.items()] for side in (inputs, outputs)]
    graph = helper.make_graph(nodes, path.stem, *tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


def write_refused(folder: Path) -> None:
    real, half, whole, long = (getattr(TensorProto, kind) for kind in ("FLOAT", "FLOAT16", "INT32", "INT64"))
    cache, speech = ["B", 1, 2, 8, 16], ["B", "T", 80]
    streaming = {"chunk_xs": (real, ["B", 67, 80]), "chunk_lens": (whole, ["B"]), "offset": (long, ["B", 1])}
    streaming |= {"att_cache": (real, cache), "cnn_cache": (real, ["B", 1, 16, 2]), "cache_mask": (real, ["B", 1, 8])}
    names = ("log_probs", "log_probs_idx", "chunk_out", "chunk_out_lens", "r_offset", "r_att_cache", "r_cnn_cache")
    write_stub(folder / "encoder-streaming.onnx", streaming, {n: (real, ["B", 67, 80]) for n in names})
    chunk = {"chunk": (real, [1, "T", 80]), "offset": (long, []), "att_cache": (real, cache[1:])}
    names = ("output", "r_att_cache", "r_cnn_cache")
    write_stub(folder / "encoder-cpu.onnx", chunk, {n: (real, [1, "T", 80]) for n in names})
    inputs = {"speech": (half, speech), "speech_lengths": (whole, ["B"])}
    outputs = dict.fromkeys(("encoder_out", "ctc_log_probs", "beam_log_probs"), (half, speech))
    outputs |= {"encoder_out_lens": (whole, speech), "beam_log_probs_idx": (long, speech)}
    write_stub(folder / "encoder-half.onnx", inputs, outputs)


def train_yaml(model: AsrModel) -> dict:
    return {
        "encoder": "conformer",
        "encoder_conf": {"input_layer": "conv2d", "output_size": model.c.encoder.size, "use_dynamic_chunk": True},
        "decoder": "bitransformer",
        "decoder_conf": {"num_blocks": 1, "r_num_blocks": 1},
        "tokenizer": "char",
        "dataset_conf": {
            "fbank_conf": {"num_mel_bins": 80, "frame_shift": 10, "frame_length": 25, "dither": 0.1},
            "resample_conf": {"resample_rate": 16000},
        },
        "model_conf": {"ctc_weight": 0.3, "lsm_weight": 0.1, "reverse_weight": REVERSE_WEIGHT},
        "input_dim": 80,
        "output_dim": len(PIECES),
    }


def write_folders(output: Path) -> AsrModel:
    export, pack, other = (output / name for name in ("export", "pack", "other"))
    for folder in (export, pack, other):
        folder.mkdir(parents=True, exist_ok=True)
    model = small_model()
    export_encoder(model, export / "encoder.onnx")
    export_rescoring(model, REVERSE_WEIGHT, export / "decoder.onnx")
    (export / "units.txt").write_text("".join(f"{piece} {n}\n" for n, piece in enumerate(PIECES)))
    (export / "train.yaml").write_text(yaml.safe_dump(train_yaml(model)))
    # As after --ctc_weight: what was not given on the command line is −1 there.
    config = {"beam_size": PLACES, "ctc_weight": CTC_WEIGHT, "fp16": False, "reverse_weight": -1.0}
    (export / "config.yaml").write_text(yaml.safe_dump(config))
    save_graphs(
        {"encoder.onnx": build_encoder(model, 0, cpu=False), "decoder.onnx": traced(export_decoder, model)}, pack
    )
    shrink(pack / "decoder.onnx")
    export_rescoring(model, 0.0, other / "decoder-left.onnx")
    write_refused(other)
    return model


if __name__ == "__main__":
    write_folders(Path(sys.argv[1]))
