"""python -m training.synthesise [--config FILE] [--utterances 5000] — synthetic speech for vocabulary.

Voices of Debian's espeak-ng, flite and festival say digits, numbers, letters, dates, commands and sentences of the
training texts, into the folder of the corpus called synthetic. It trains; it is never test data.
"""

import argparse
import csv
import os
import random
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import soundfile
import torch

from training.config import add_arguments, from_arguments
from training.data.augment import resample
from training.data.sentences import sentences
from training.frontend import SAMPLE_RATE
from training.prepare import read_sources
from training.progress import Progress

NAME = "synthetic"
MAX_CHARACTERS = 120
FLITE = ["kal16", "awb", "rms", "slt"]
FESTIVAL = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]
ESPEAK = ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"]
ESPEAK_VARIANTS = ["", "+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5"]
SHARES = [("flite", 5), ("festival", 2), ("espeak", 4)]


@dataclass
class Job:
    engine: str
    voice: str
    text: str
    said: str  # what the synthesiser is given
    path: Path
    seed: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--utterances", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    config = from_arguments(arguments)
    output = Path(config.data.corpora[NAME].folder)
    spoken = [s for name, c in config.data.corpora.items() if name != NAME for s in read_sources(name, c)]
    texts = sorted({s.text for s in spoken if s.part == "train" and len(s.text) < MAX_CHARACTERS})
    (output / "audio").mkdir(parents=True, exist_ok=True)
    jobs = list(plan(texts, arguments.utterances, output, config.seed))
    synthesise(jobs, arguments.workers)
    write_manifest(jobs, output)


def plan(texts: list[str], count: int, output: Path, seed: int):
    r = random.Random(seed)
    engines, weights = zip(*SHARES)
    for at, (text, letters) in enumerate(islice(sentences(texts, seed), count)):
        engine = r.choices(engines, weights)[0]
        voice = {"flite": FLITE, "festival": FESTIVAL, "espeak": ESPEAK}[engine]
        name = r.choice(voice) + (r.choice(ESPEAK_VARIANTS) if engine == "espeak" else "")
        # Between other words, an A alone would be read as the article.
        a = "[[eI]]" if engine == "espeak" else "ay"
        said = " ".join(a if letters and word == "A" else word for word in text.split())
        said = said if letters else said.lower()
        yield Job(engine, name, text, said, output / "audio" / f"{at:06}.flac", seed + at)


def synthesise(jobs: list[Job], workers: int) -> None:
    progress = Progress("synthesise", len(jobs))
    with ThreadPoolExecutor(workers) as pool:
        festival = [[j for j in jobs if j.voice == voice and j.engine == "festival"] for voice in FESTIVAL]
        batches = [[j] for j in jobs if j.engine != "festival"] + [
            b[i : i + 50] for b in festival for i in range(0, len(b), 50)
        ]
        for batch in pool.map(run, batches):
            for _ in batch:
                progress.step()


def run(batch: list[Job]) -> list[Job]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{at}.wav" for at in range(len(batch))]
        if batch[0].engine == "festival":
            run_festival(batch, files)
        else:
            subprocess.run(command(batch[0], files[0]), check=True, capture_output=True)
        for job, file in zip(batch, files):
            soundfile.write(job.path, read_at_16k(file), SAMPLE_RATE)
    return batch


def command(job: Job, file: Path) -> list[str]:
    r = random.Random(job.seed)
    if job.engine == "flite":
        stretch = f"duration_stretch={r.uniform(0.8, 1.3):.2f}"
        return ["flite", "-voice", job.voice, "--setf", stretch, "-t", job.said, "-o", str(file)]
    pitch, speed = r.randint(30, 70), r.randint(110, 185)
    return ["espeak-ng", "-v", job.voice, "-p", str(pitch), "-s", str(speed), "-w", str(file), job.said]


def run_festival(batch: list[Job], files: list[Path]) -> None:
    script = [f"(voice_{batch[0].voice})"]
    for job, file in zip(batch, files):
        script.append(f'(utt.save.wave (utt.synth (Utterance Text "{job.said}")) "{file}" \'riff)')
    subprocess.run(["festival", "--pipe"], input="\n".join(script), text=True, check=True, capture_output=True)


def read_at_16k(file: Path) -> np.ndarray:
    samples, rate = soundfile.read(file, dtype="float32")
    if rate == SAMPLE_RATE:
        return samples
    return resample(torch.from_numpy(samples)[None], Fraction(rate, SAMPLE_RATE))[0].numpy().clip(-1, 1)


def write_manifest(jobs: list[Job], output: Path) -> None:
    with open(output / "manifest.tsv", "w", newline="") as file:
        table = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        table.writerow(["path", "speaker", "transcript", "split"])
        table.writerows([job.path.relative_to(output), job.voice, job.text, "train"] for job in jobs)


if __name__ == "__main__":
    main()
