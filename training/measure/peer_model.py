"""The model that the peers of `npm run bench -- peers` run: a checkpoint, or the weights of a pack."""

import json
from dataclasses import dataclass
from pathlib import Path

import onnx

from training import checkpoint
from training.config import Config, DecoderConfig, EncoderConfig, ModelConfig
from training.export.pack import rounded
from training.importing.pack import import_pack
from training.model import AsrModel
from training.recognise.decoding import Weights
from training.units.text import Units, read_units


@dataclass
class PeerModel:
    model: AsrModel
    units: Units
    weights: Weights


def load_peer(source: Path) -> PeerModel:
    """A folder is a pack, a file a checkpoint, with tokens.txt beside it or the units trained here.

    A checkpoint's weights are rounded to 16 bits, as in the pack it is compared with.
    Raises ValueError where a pack's weights are not those of the architecture its model.json names, or the units not
    a checkpoint's.
    """
    if source.is_dir():
        return load_pack(source)
    content = checkpoint.load(source)
    model = AsrModel(checkpoint.load_config(content).model)
    model.load_state_dict(content["model"])
    tokens = source.with_name("tokens.txt")
    units = read_units(tokens) if tokens.exists() else Units()
    if len(units) != model.c.vocabulary:
        raise ValueError(f"{source} has {model.c.vocabulary} units: put the tokens.txt of its pack beside it")
    return PeerModel(rounded(model).eval(), units, Weights())


def load_pack(pack: Path) -> PeerModel:
    manifest = json.loads((pack / "model.json").read_text())
    defaults = manifest["defaults"]
    model = import_pack(pack, Config(model=model_config(manifest, read_channels(pack)))).eval()
    weights = Weights(defaults["ctc_weight"], defaults["reverse_weight"])
    return PeerModel(model, read_units(pack / "tokens.txt"), weights)


def model_config(manifest: dict, channels: int) -> ModelConfig:
    """What model.json does not say is the exporter's default."""
    shape, vocabulary, parameters = manifest["architecture"], manifest["vocabulary"], manifest["parameters"]
    experts, top_k = parameters.get("experts", 0), parameters.get("experts_per_token", 2)
    common = {"heads": shape["heads"], "hidden": shape["ffn"], "experts": experts, "top_k": top_k}
    return ModelConfig(
        vocabulary=vocabulary["size"],
        blank=vocabulary["blank_id"],
        sos=vocabulary["sos_id"],
        eos=vocabulary["eos_id"],
        encoder=EncoderConfig(
            bins=manifest["feature_dim"],
            size=shape["d_model"],
            layers=shape["encoder_blocks"],
            kernel=shape["kernel"],
            causal=shape.get("causal", False),
            channels=channels,
            **{name: shape[name] for name in ("conv_norm", "normalise", "shift", "pad_bins") if name in shape},
            **common,
        ),
        decoder=DecoderConfig(
            layers=shape["left_decoder_blocks"], right_layers=shape["right_decoder_blocks"], **common
        ),
    )


def read_channels(pack: Path) -> int:
    """Of the subsampling: the one size that model.json leaves out."""
    graph = onnx.load(pack / "encoder.onnx", load_external_data=False).graph
    return next(tensor.dims[0] for tensor in graph.initializer if "embed.conv.0.weight" in tensor.name)
