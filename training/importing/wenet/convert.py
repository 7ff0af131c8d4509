"""python -m training.importing.wenet --checkpoint final.pt --config train.yaml --units units.txt [--cmvn global_cmvn]
--output PACK — a U2, U2++ or MoE conformer of WeNet's as a model pack.

The checkpoint may also be the archive in TorchScript that WeNet makes for its runtimes (final.zip), quantised or not.
train.yaml and units.txt (or words.txt) are taken from the checkpoint's folder where they are not given. Fails with a list
of every key and option that is not supported. Which are: training/importing/wenet/options.py.
"""

import argparse
import json
import sys
from pathlib import Path

import yaml

from training.config import ModelConfig
from training.recognise.decoding import Weights
from training.export.pack import Facts, export
from training.units.text import Units, read_units
from training.importing.wenet.checkpoint import read_state
from training.importing.wenet.cmvn import no_cmvn, read_cmvn
from training.importing.wenet.options import has_cmvn, read_options
from training.importing.wenet.problems import UnsupportedError
from training.importing.wenet.weights import load_weights

QUANTISED = "The archive is quantised: its linear layers are in the pack as 8 bits hold them. final.pt has them whole."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--config", type=Path, help="default: train.yaml beside the checkpoint")
    parser.add_argument("--units", type=Path, help="default: units.txt or words.txt beside the checkpoint")
    parser.add_argument("--cmvn", type=Path, help="default: the statistics inside the checkpoint")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--name", default="", help="default: the output folder's name")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--license", default="unknown", help="of the checkpoint")
    parser.add_argument("--language", action="append", help="BCP 47; default und")
    # What most of WeNet's recipes decode with.
    parser.add_argument("--ctc-weight", type=float, default=0.5, help="in rescoring; default 0.5")
    parser.add_argument("--reverse-weight", type=float, default=0.3, help="of the right-to-left decoder, if there is one; default 0.3")
    parser.add_argument("--max-seconds", type=float, default=20.0, help="of a segment")
    parser.add_argument("--float32", action="store_true", help="store the weights in 32 bits")
    arguments = parser.parse_args()
    try:
        train = read_train(arguments.config or beside(arguments.checkpoint, "train.yaml"))
        config, units = read(train, arguments.units or beside(arguments.checkpoint, "units.txt", "words.txt"))
        cmvn = read_cmvn(arguments.cmvn) if arguments.cmvn else None
        state, quantised = read_state(arguments.checkpoint)
        if cmvn is None and not has_cmvn(train) and "encoder.global_cmvn.mean" not in state:
            cmvn = no_cmvn(config.encoder.bins)
        model = load_weights(config, state, cmvn)
    except UnsupportedError as error:
        sys.exit(str(error))
    if quantised:
        print(QUANTISED, file=sys.stderr)
    facts = Facts(
        name=arguments.name or arguments.output.resolve().name,
        version=arguments.version,
        license=arguments.license,
        languages=arguments.language or ["und"],
        max_seconds=arguments.max_seconds,
        weights=Weights(arguments.ctc_weight, arguments.reverse_weight if config.decoder.right_layers > 0 else 0.0),
        more={"imported_from": "WeNet"},
    )
    worst = export(model, units, facts, arguments.output, bits=32 if arguments.float32 else 16)
    print(json.dumps({"largest difference to PyTorch": worst}))


def beside(checkpoint: Path, *names: str) -> Path:
    """Raises UnsupportedError where the checkpoint's folder has none of these files."""
    for name in names:
        if (checkpoint.parent / name).is_file():
            return checkpoint.parent / name
    raise UnsupportedError([f"no {' or '.join(names)} beside {checkpoint}"])


def read_train(file: Path) -> dict:
    """Raises UnsupportedError."""
    try:
        train = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnsupportedError([f"{file}: {error}"]) from None
    if not isinstance(train, dict):
        raise UnsupportedError([f"{file}: not a mapping"])
    return train


def read(train: dict, units_file: Path) -> tuple[ModelConfig, Units]:
    """Raises UnsupportedError."""
    config = read_options(train)
    units = read_units(units_file)
    if len(units) != config.vocabulary:
        raise UnsupportedError([f"{units_file} has {len(units)} units, train.yaml.output_dim is {config.vocabulary}"])
    # As WeNet: the options' own word, or else the unit of that name.
    if "ctc_blank_id" not in (train.get("ctc_conf") or {}):
        config.blank = units.ids.get("<blank>", config.blank)
    return config, units
