"""The configuration of the punctuator: `configs/punctuation.yaml` over these, later files and `--set` over both."""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from training.config import from_tree, read_tree

DEFAULT = Path(__file__).parents[1] / "configs" / "punctuation.yaml"


@dataclass
class TextConfig:
    source: str = "../shared/text"  # FILE.txt.xz and SOURCES.tsv
    folder: str = ".cache/training/punctuation"
    pieces: int = 4000
    development_words: int = 50_000  # of each kind, in whole documents, but at most about a twelfth of them
    test_words: int = 150_000
    commands: int = 300_000  # words of made-up commands, numbers, dates and spelled names; 0: none
    weights: dict[str, float] = field(default_factory=dict)  # how often each kind is drawn; 1 where nothing is said


@dataclass
class NetConfig:
    size: int = 192
    piece_size: int = 0  # of a piece's embedding, projected to `size`; 0: as wide as that
    blocks: int = 6
    hidden: int = 576
    kernel: int = 9
    heads: int = 4
    attention: list[int] = field(default_factory=lambda: [2, 4])  # the blocks that have it, from 1
    pair_rows: int = 16_384  # of the table of neighbouring pieces, by their hash; 0: none
    pair_size: int = 48


@dataclass
class SampleConfig:
    window: int = 200  # pieces
    lengths: list[int] = field(default_factory=lambda: [200, 200, 200, 100, 40])  # one for each batch
    aligned: float = 0.15  # windows that begin with a sentence, and as many that end with one
    pauses: float = 0.5  # windows whose silences are known
    wrong: float = 0.35  # windows with wrong words
    wrong_rate: tuple[float, float] = (0.05, 0.25)


@dataclass
class TrainConfig:
    steps: int = 6000
    batch_pieces: int = 3200
    muon_rate: float = 0.02
    learning_rate: float = 5e-3  # of what Muon does not step
    table_rate: float = 4e-2  # of the embeddings
    weight_decay: float = 0.0
    warmup: int = 40
    hold: float = 0.25  # fraction of the steps at the full rate, before the linear decay
    floor: float = 0.02
    clip: float = 1.0
    case_weight: float = 0.5  # of the capitals' loss beside that of punctuation
    checkpoint_every: int = 250
    keep: int = 3
    evaluate_every: int = 1000
    evaluate_batches: int = 24
    threads: int = 1
    workers: int = 0  # processes that make batches ahead
    bfloat16: bool = False  # on a CPU too


@dataclass
class PunctuationConfig:
    seed: int = 1
    text: TextConfig = field(default_factory=TextConfig)
    net: NetConfig = field(default_factory=NetConfig)
    samples: SampleConfig = field(default_factory=SampleConfig)
    train: TrainConfig = field(default_factory=TrainConfig)


def from_arguments(arguments: argparse.Namespace) -> PunctuationConfig:
    return load_config([DEFAULT, *map(Path, arguments.config)], arguments.set)


def load_config(files: list[Path], settings: list[str] = ()) -> PunctuationConfig:
    """Raises ConfigError on an unknown key."""
    return from_tree(PunctuationConfig, read_tree(files, settings), "")
