"""python -m training.data.parts pack --output FOLDER [--config FILE] [--megabytes 60]
python -m training.data.parts unpack --output FOLDER PART…

Corpora as tar files of a limited size, for a machine that is reached through small uploads only and has no ffmpeg: Ogg Opus and MP3
as they are, everything else as Opus of 24 kbit/s. `unpack` also writes corpora.yaml, which names the corpora's new folders.
"""

import argparse
import csv
import io
import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from training.config import Config, add_arguments, from_arguments
from training.progress import Progress

SMALL = {".opus", ".ogg", ".mp3"}
OPUS = ["-ac", "1", "-ar", "16000", "-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-f", "ogg", "-"]
COLUMNS = ("path", "speaker", "transcript", "split")
MANIFEST = "manifest.tsv"
BLOCK = 512  # of a tar file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    add_arguments(packing)
    packing.add_argument("--megabytes", type=float, default=60)
    unpacking = commands.add_parser("unpack")
    unpacking.add_argument("parts", type=Path, nargs="+")
    for command in (packing, unpacking):
        command.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "pack":
        for path in pack(from_arguments(arguments), arguments.output, int(arguments.megabytes * 1e6)):
            print(f"{path} {path.stat().st_size / 1e6:.1f} MB")
    else:
        unpack(arguments.parts, arguments.output)


def pack(config: Config, output: Path, limit: int) -> list[Path]:
    """part-00.tar, …, each below `limit` bytes and complete in itself: recordings, and their rows of the manifests."""
    output.mkdir(parents=True, exist_ok=True)
    rows = [row for name, corpus in config.data.corpora.items() for row in read_rows(name, Path(corpus.folder))]
    progress, paths, part = Progress("pack", len(rows)), [], Part(limit)
    with ThreadPoolExecutor() as pool:
        for (corpus, row, _), content in zip(rows, pool.map(lambda r: small(r[2]), rows)):
            if not part.fits(content):
                paths.append(part.close(output / f"part-{len(paths):02}.tar"))
                part = Part(limit)
            part.add(corpus, row, content)
            progress.step()
    return [*paths, part.close(output / f"part-{len(paths):02}.tar")]


def read_rows(corpus: str, folder: Path) -> Iterator[tuple[str, dict[str, str], Path]]:
    with open(folder / MANIFEST, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield corpus, {name: row.get(name) or "" for name in COLUMNS}, folder / row["path"]


def small(path: Path) -> bytes:
    if path.suffix.lower() in SMALL:
        return path.read_bytes()
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), *OPUS]
    return subprocess.run(command, check=True, capture_output=True).stdout


class Part:
    def __init__(self, limit: int):
        self.limit, self.buffer, self.rows = limit, io.BytesIO(), {}
        self.tar = tarfile.open(fileobj=self.buffer, mode="w")
        self.text = 0  # bytes of the manifests, about

    def fits(self, content: bytes) -> bool:
        return not self.rows or self.buffer.tell() + self.text + len(content) + 100 * BLOCK < self.limit

    def add(self, corpus: str, row: dict[str, str], content: bytes) -> None:
        rows = self.rows.setdefault(corpus, [])
        suffix = Path(row["path"]).suffix.lower()
        name = str(Path(row["path"]).with_suffix(suffix if suffix in SMALL else ".opus"))
        rows.append(row | {"path": name})
        self.text += len("\t".join(row.values()).encode()) + 8
        self._file(f"{corpus}/{name}", content)

    def close(self, path: Path) -> Path:
        for corpus, rows in self.rows.items():
            lines = ["\t".join(COLUMNS), *("\t".join(row[name] for name in COLUMNS) for row in rows)]
            self._file(f"{corpus}/{path.stem}-{MANIFEST}", "\n".join([*lines, ""]).encode())
        self.tar.close()
        path.write_bytes(self.buffer.getvalue())
        return path

    def _file(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self.tar.addfile(entry, io.BytesIO(content))


def unpack(parts: list[Path], output: Path) -> None:
    """FOLDER/<corpus>/… and manifests of all parts together; again does no harm."""
    for part in parts:
        with tarfile.open(part) as tar:
            tar.extractall(output, filter="data")
    folders = {}
    for corpus in sorted(path for path in output.iterdir() if path.is_dir()):
        found = sorted(corpus.glob(f"part-*-{MANIFEST}"))
        rows = [line for path in found for line in path.read_text("utf-8").splitlines()[1:]]
        if found:
            (corpus / MANIFEST).write_text("\n".join(["\t".join(COLUMNS), *rows, ""]), "utf-8")
            folders[corpus.name] = {"folder": str(corpus)}
    (output / "corpora.yaml").write_text(yaml.safe_dump({"data": {"corpora": folders}}))


if __name__ == "__main__":
    main()
