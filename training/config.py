"""The one configuration file: YAML into typed dataclasses, later files and `--set key=value` over earlier ones."""

import argparse
import dataclasses
import typing
from dataclasses import dataclass, field
from pathlib import Path

import yaml

DEFAULT = Path(__file__).parent / "configs" / "bundled.yaml"


class ConfigError(ValueError):
    """The message names the key."""


@dataclass
class EncoderConfig:
    bins: int = 80
    size: int = 144
    heads: int = 4
    layers: int = 6
    hidden: int = 288
    kernel: int = 15
    causal: bool = False
    conv_norm: str = "layer_norm"  # or batch_norm, or none
    normalise: str = "global"  # features: by the training data's statistics, or each utterance by its own ("utterance")
    shift: bool = False  # attention's position term by distance, as in ESPnet and NeMo; WeNet has none
    pad_bins: bool = False  # the subsampling sees a zero beside the lowest and the highest bin
    input_layer: str = "conv2d"
    channels: int = 0  # of the subsampling; 0: `size`, as WeNet
    experts: int = 8  # 0: dense
    top_k: int = 2
    dropout: float = 0.1
    attention_dropout: float = 0.0
    max_frames: int = 5000


@dataclass
class DecoderConfig:
    layers: int = 2
    right_layers: int = 1
    heads: int = 4
    hidden: int = 288
    activation: str = "swish"
    experts: int = 8
    top_k: int = 2
    dropout: float = 0.1
    attention_dropout: float = 0.0


@dataclass
class ModelConfig:
    vocabulary: int = 31
    blank: int = 0
    sos: int = -1  # -1: the last unit
    eos: int = -1
    ctc_weight: float = 0.3
    reverse_weight: float = 0.3
    label_smoothing: float = 0.1
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    decoder: DecoderConfig = field(default_factory=DecoderConfig)


@dataclass
class CorpusConfig:
    """A folder with a manifest.tsv (path, speaker, transcript, split). Rows of `dev_speakers` are never trained on."""

    folder: str = ""
    weight: float = 1.0  # times an utterance is drawn per epoch
    settle_weight: float = -1.0  # the same in the last stage of training.distil; -1: as before
    dev_speakers: list[str] = field(default_factory=list)
    test_split: str = ""
    codecs: list[str] = field(default_factory=list)  # copies of the training part: mp3, opus, amr-nb


@dataclass
class DataConfig:
    folder: str = ".cache/training/data"
    min_seconds: float = 0.3
    max_seconds: float = 15.0
    join_probability: float = 0.5
    join_seconds: float = 12.0  # joined utterances are at most so long
    edge_seconds: float = 1.0  # silence or noise before and after, at most
    gap_seconds: float = 1.0
    speeds: tuple[float, float] = (1.0, 1.0)  # drawn per row; a teacher hears the same (augment.speeds: the student alone)
    corpora: dict[str, CorpusConfig] = field(default_factory=dict)


@dataclass
class AugmentConfig:
    """Speed and vocal tract are drawn per batch, everything else per utterance; levels in dB, full scale being 0."""

    speeds: list[float] = field(default_factory=lambda: [0.9, 1.0, 1.1])
    vocal_tract: tuple[float, float] = (1.0, 1.0)  # factor of all frequencies
    gain_db: tuple[float, float] = (-18.0, 6.0)
    gap_noise: float = 0.6
    gap_noise_db: tuple[float, float] = (-90.0, -45.0)
    noise: float = 0.5
    snr_db: tuple[float, float] = (5.0, 50.0)
    reverb: float = 0.15
    telephone: float = 0.1
    mu_law: float = 0.05
    blend: float = 0.0  # share of a student's utterances that another one is heard with, by the teacher too
    blend_db: tuple[float, float] = (-25.0, -5.0)  # how loud that is beside the first
    turns: float = 0.0  # share of a student's batches in which utterances take turns with each other, for the teacher too
    turn_seconds: tuple[float, float] = (0.4, 2.0)
    freq_masks: int = 2
    freq_width: int = 15
    time_masks_per_10s: float = 3.0
    time_width: int = 20


@dataclass
class TrainConfig:
    steps: int = 10_000
    batch_seconds: float = 60.0
    shapes: list[float] = field(default_factory=list)  # lengths in seconds that batches are padded to; none: any length
    learning_rate: float = 1.2e-3
    warmup: int = 400
    hold: float = 0.45  # fraction of the steps at the full rate, before the linear decay
    floor: float = 0.03  # of the full rate, at the end
    weight_decay: float = 0.01
    clip: float = 1.0
    phone_weight: float = 0.0  # of a CTC over phones on an encoder layer (training.units.phones)
    phone_layer: int = 4  # from 1
    chunk_probability: float = 0.5
    chunk_max: int = 25
    checkpoint_every: int = 250
    keep: int = 10
    evaluate_every: int = 500
    evaluate_utterances: int = 120
    threads: int = 0  # 0: PyTorch's default
    compile: bool = False  # on a GPU: every kind of layer once, for all shapes of batches
    bfloat16: bool = False  # on a CPU too: a third faster with avx512_bf16 or amx, several times slower without


@dataclass
class LessonWeights:
    """Of what a student learns end to end: the layers' outputs, the teacher's probabilities, CTC and attention over its own units."""

    layers: float = 1.0
    probabilities: float = 2.0
    labels: float = 0.3


@dataclass
class DistilConfig:
    """A student of a teacher (training.distil). Rates are full rates; each stage warms up and comes down to `floor`."""

    teacher: str = "../shared/teacher"
    apart_steps: int = 1500  # every layer on its own
    joined_steps: int = 3000  # end to end
    units_steps: int = 600  # CTC and the decoders alone, at the rates of the first stage
    settle_steps: int = 0  # end to end again, by labels before all, on what the teacher does not know as well
    apart_muon_rate: float = 0.02
    apart_adam_rate: float = 2e-3
    joined_muon_rate: float = 0.005
    joined_adam_rate: float = 5e-4
    settle_muon_rate: float = 0.002
    settle_adam_rate: float = 3e-4
    table_factor: float = 4.0  # of AdamW's rates, for output layers over units
    warmup: int = 30
    hold: float = 0.3  # fraction of a stage at the full rate, before the linear decay
    floor: float = 0.02
    clip: float = 5.0
    joined: LessonWeights = field(default_factory=LessonWeights)
    settled: LessonWeights = field(default_factory=lambda: LessonWeights(layers=0.05, probabilities=0.0, labels=1.0))
    augment_from: float = 0.5  # part of the joined stage after which the student hears augmented sound
    statistics_batches: int = 12  # over which the teacher's outputs are standardised


@dataclass
class Config:
    name: str = "model"
    units: str = ""  # a file of `piece id` lines, as training.units writes it; none: characters
    seed: int = 1
    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    distil: DistilConfig = field(default_factory=DistilConfig)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", action="append", default=[], metavar="FILE", help="YAML; later files override")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. train.steps=500")


def from_arguments(arguments: argparse.Namespace) -> Config:
    return load_config([Path(file) for file in arguments.config] or [DEFAULT], arguments.set)


def load_config(files: list[Path], settings: list[str] = ()) -> Config:
    """Every file over the ones before it, and `a.b=value` over all. Raises ConfigError on an unknown key."""
    return from_tree(Config, read_tree(files, settings), "")


def read_tree(files: list[Path], settings: list[str]) -> dict:
    """What the files and settings say together, later ones over earlier ones. Raises ConfigError."""
    merged: dict = {}
    for file in files:
        merged = merge(merged, yaml.safe_load(file.read_text()) or {})
    for setting in settings:
        key, separator, value = setting.partition("=")
        if not separator:
            raise ConfigError(f"--set {setting}: expected KEY=VALUE")
        tree: object = yaml.safe_load(value)
        for part in reversed(key.split(".")):
            tree = {part: tree}
        merged = merge(merged, tree)
    return merged


def merge(base: dict, over: dict) -> dict:
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        out[key] = merge(base[key], value) if both else value
    return out


def from_tree(kind, tree, path: str):
    """A dataclass from plain YAML values; `path` leads to it, for messages."""
    if dataclasses.is_dataclass(kind):
        if not isinstance(tree, dict):
            raise ConfigError(f"{path or 'the configuration'} must be a mapping")
        types_of = typing.get_type_hints(kind)
        unknown = sorted(set(tree) - set(types_of))
        if unknown:
            raise ConfigError(f"unknown key {'.'.join(filter(None, [path, unknown[0]]))}")
        return kind(**{key: from_tree(types_of[key], value, f"{path}.{key}".strip(".")) for key, value in tree.items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return [from_tree(arguments[0], item, f"{path}[{at}]") for at, item in enumerate(tree)]
    if origin is dict:
        return {key: from_tree(arguments[1], item, f"{path}.{key}") for key, item in tree.items()}
    if origin is tuple:
        return tuple(from_tree(arguments[at], item, path) for at, item in enumerate(tree))
    try:
        return kind(tree) if kind in (int, float, str) else tree
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{path}: {tree!r} is not {kind.__name__}") from error


def to_tree(config) -> dict:
    return dataclasses.asdict(config)
