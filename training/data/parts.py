"""python -m training.data.parts pack --output FOLDER PREPARED… [--megabytes 58]
python -m training.data.parts unpack --output PREPARED PART…

Prepared recordings (training.data.prepare) as tar files of a limited size, for a machine that is reached through small uploads only
and has no ffmpeg: Opus of 16 kbit/s, in blocks of two minutes. Several prepared folders become one. What was packed before is
not encoded again, and parts may be unpacked in any order and at the same time.
"""

import argparse
import io
import json
import lzma
import os
import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile

from training.data.corpus import AUDIO, HEARD, INDEX, Corpus
from training.model.frontend import SAMPLE_RATE
from training.progress import Progress

BLOCK = 120 * SAMPLE_RATE  # samples
OPUS = ["-c:a", "libopus", "-b:a", "16k", "-application", "voip", "-compression_level", "6", "-f", "ogg"]
RAW = ["-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE)]
FACTS = "facts.json.xz"  # what is said where, in the last part
CMVN = "cmvn.json"
UNPACKED = ".unpacked"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing, unpacking = commands.add_parser("pack"), commands.add_parser("unpack")
    packing.add_argument("--megabytes", type=float, default=58)
    packing.add_argument("prepared", type=Path, nargs="+")
    unpacking.add_argument("parts", type=Path, nargs="+")
    unpacking.add_argument("--workers", type=int, default=os.cpu_count())
    for command in (packing, unpacking):
        command.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "pack":
        for path in pack(arguments.prepared, arguments.output, int(arguments.megabytes * 1e6)):
            print(f"{path} {path.stat().st_size / 1e6:.1f} MB")
    else:
        unpack(arguments.parts, arguments.output, arguments.workers)


def pack(prepared: list[Path], output: Path, limit: int) -> list[Path]:
    """part-00.tar, …, each below `limit` bytes."""
    blocks = output / "blocks"
    blocks.mkdir(parents=True, exist_ok=True)
    for old in output.glob("part-*.tar"):
        old.unlink()
    facts = lzma.compress(json.dumps(together(prepared)).encode())
    cuts = list(cuts_of(prepared))
    progress, paths, part = Progress("pack", len(cuts)), [], Part(limit)
    with ThreadPoolExecutor() as pool:
        for (_, at, _, name), path in zip(cuts, pool.map(lambda cut: encoded(cut, blocks), cuts)):
            content = path.read_bytes()
            if not part.fits(content):
                paths.append(part.close(output / f"part-{len(paths):02}.tar"))
                part = Part(limit)
            part.add(f"{at}.opus", content)
            progress.step()
    if not part.fits(facts):
        paths.append(part.close(output / f"part-{len(paths):02}.tar"))
        part = Part(limit)
    part.add(FACTS, facts)
    return [*paths, part.close(output / f"part-{len(paths):02}.tar")]


def together(prepared: list[Path]) -> dict:
    """The index of all folders as of one, what was heard in them, and the first one's statistics."""
    rows, heard, begin = [], {}, 0
    for folder in prepared:
        rows += [row | {"offset": row["offset"] + begin} for row in json.loads((folder / INDEX).read_text())]
        if (folder / HEARD).exists():
            heard |= {str(int(at) + begin): text for at, text in json.loads((folder / HEARD).read_text()).items()}
        begin += len(Corpus(folder).audio)
    return {"index": rows, "heard": heard, "cmvn": json.loads((prepared[0] / CMVN).read_text())}


def cuts_of(prepared: list[Path]) -> Iterator[tuple[Path, int, slice, str]]:
    """Folder, where the block begins in the whole, which samples of the folder it is, and a name to keep it under."""
    begin = 0
    for folder in prepared:
        size = len(Corpus(folder).audio)
        for at in range(0, size, BLOCK):
            yield folder, begin + at, slice(at, min(size, at + BLOCK)), f"{folder.resolve().name}-{at}.opus"
        begin += size


def encoded(cut: tuple[Path, int, slice, str], blocks: Path) -> Path:
    folder, _, samples, name = cut
    path = blocks / name
    if not path.exists():
        partial = path.with_suffix(".partial")
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *RAW, "-i", "-", *OPUS, str(partial)]
        subprocess.run(command, check=True, input=np.memmap(folder / AUDIO, np.int16, "r")[samples].tobytes())
        partial.rename(path)
    return path


class Part:
    def __init__(self, limit: int):
        self.limit, self.buffer, self.empty = limit, io.BytesIO(), True
        self.tar = tarfile.open(fileobj=self.buffer, mode="w")

    def fits(self, content: bytes) -> bool:
        return self.empty or self.buffer.tell() + len(content) + 24 * tarfile.BLOCKSIZE < self.limit

    def add(self, name: str, content: bytes) -> None:
        self.empty = False
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self.tar.addfile(entry, io.BytesIO(content))

    def close(self, path: Path) -> Path:
        self.tar.close()
        path.write_bytes(self.buffer.getvalue())
        return path


def unpack(parts: list[Path], output: Path, workers: int | None = None) -> None:
    """Into a prepared folder; a part that is unpacked already is passed over."""
    output.mkdir(parents=True, exist_ok=True)
    for part in parts:
        done = output / f"{part.stem}{UNPACKED}"
        if done.exists():
            continue
        with tarfile.open(part) as tar, ThreadPoolExecutor(workers) as pool:  # libsndfile needs no lock of Python's
            contents = {entry.name: tar.extractfile(entry).read() for entry in tar}
            facts = contents.pop(FACTS, None)
            list(pool.map(lambda block: place(*block, output / AUDIO), contents.items()))
        if facts:
            write_facts(json.loads(lzma.decompress(facts)), output)
        done.touch()


def place(name: str, content: bytes, audio: Path) -> None:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
    if rate != SAMPLE_RATE:
        raise ValueError(f"{name}: {rate} Hz")
    file = os.open(audio, os.O_WRONLY | os.O_CREAT)
    try:
        os.pwrite(file, samples.tobytes(), 2 * int(Path(name).stem))
    finally:
        os.close(file)


def write_facts(facts: dict, output: Path) -> None:
    (output / HEARD).write_text(json.dumps(facts["heard"]))
    (output / CMVN).write_text(json.dumps(facts["cmvn"]))
    (output / INDEX).write_text(json.dumps(facts["index"]))


def missing(output: Path) -> str:
    """What is not there yet of a whole, or nothing."""
    if not (output / INDEX).exists():
        return "the last part"
    last = max(int(path.name[5:7]) for path in output.glob(f"part-*{UNPACKED}"))
    lacking = [n for n in range(last + 1) if not (output / f"part-{n:02}{UNPACKED}").exists()]
    return f"part {', '.join(map(str, lacking))}" if lacking else ""


if __name__ == "__main__":
    main()
