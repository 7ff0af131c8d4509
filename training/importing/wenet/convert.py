"""python -m training.importing.wenet --checkpoint final.pt --config train.yaml --units units.txt [--cmvn global_cmvn]
--output PACK — a U2, U2++ or MoE conformer of WeNet's as a model pack.

Fails with a list of every key and option that is not supported. Which are: training/importing/wenet/options.py.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
import yaml

from training.config import ModelConfig
from training.export.pack import Facts, export
from training.importing.wenet.cmvn import read_cmvn
from training.importing.wenet.options import read_options
from training.importing.wenet.problems import UnsupportedError
from training.importing.wenet.weights import load_weights, state_dict_of
from training.recognise.decoding import Weights
from training.units.text import Units, read_units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--units", type=Path, required=True)
    parser.add_argument("--cmvn", type=Path, help="default: the statistics inside the checkpoint")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--name", default="", help="default: the output folder's name")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--license", default="unknown", help="of the checkpoint")
    parser.add_argument("--language", action="append", help="BCP 47; default und")
    parser.add_argument("--max-seconds", type=float, default=20.0, help="of a segment")
    parser.add_argument("--float32", action="store_true", help="store the weights in 32 bits")
    arguments = parser.parse_args()
    try:
        config, units = read(arguments.config, arguments.units)
        cmvn = read_cmvn(arguments.cmvn) if arguments.cmvn else None
        content = torch.load(arguments.checkpoint, map_location="cpu", weights_only=True)
        model = load_weights(config, state_dict_of(content), cmvn)
    except UnsupportedError as error:
        sys.exit(str(error))
    facts = Facts(
        name=arguments.name or arguments.output.resolve().name,
        version=arguments.version,
        license=arguments.license,
        languages=arguments.language or ["und"],
        max_seconds=arguments.max_seconds,
        # What WeNet's recipes decode with; rescoring without a right-to-left decoder takes no reverse weight.
        weights=Weights(0.5, 0.3 if config.decoder.right_layers > 0 else 0.0),
        more={"imported_from": "WeNet"},
    )
    worst = export(model, units, facts, arguments.output, half=not arguments.float32)
    print(json.dumps({"largest difference to PyTorch": worst}))


def read(config_file: Path, units_file: Path) -> tuple[ModelConfig, Units]:
    """Raises UnsupportedError."""
    config = read_options(yaml.safe_load(config_file.read_text()))
    units = read_units(units_file)
    if len(units) != config.vocabulary:
        raise UnsupportedError([f"{units_file} has {len(units)} units, train.yaml.output_dim is {config.vocabulary}"])
    return config, units
