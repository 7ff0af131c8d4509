"""python -m training.export.punctuator --punctuator FOLDER --pack FOLDER — puts a punctuator into a model pack: its files, and their lines in model.json."""

import argparse
import json
import shutil
from pathlib import Path

from training.punctuation.corpus import FORMS, TOKENS
from training.punctuation.pack import DESCRIPTION, GRAPH, file_facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--punctuator", type=Path, required=True)
    parser.add_argument("--pack", type=Path, required=True)
    arguments = parser.parse_args()
    add_punctuator(arguments.punctuator, arguments.pack)


def add_punctuator(punctuator: Path, pack: Path) -> None:
    manifest = json.loads((pack / "model.json").read_text())
    for name in (DESCRIPTION, GRAPH, TOKENS, FORMS):
        shutil.copyfile(punctuator / name, pack / name)
        manifest["files"][name] = file_facts(pack / name)
    (pack / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
