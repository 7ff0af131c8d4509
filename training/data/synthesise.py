"""python -m training.data.synthesise [--config FILE] [--utterances 5000] [--texts FILE…] [--voices VOICE…] — synthetic speech.

Voices of Debian's espeak-ng, flite and festival say digits, numbers, letters, dates, commands and sentences of the
training texts, into the folder of the corpus called synthetic; with --texts, sentences of those files, into that of
the corpus called books. With --voices they are said by these alone. It trains; it is never test data.
"""

import argparse
import csv
import os
import random
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
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
from training.data.prepare import read_sources
from training.data.reading import read_text, reading_sentences
from training.data.sentences import sentences
from training.model.frontend import SAMPLE_RATE
from training.progress import Progress
from training.units.text import normalise

COMMANDS, BOOKS = "synthetic", "books"  # the corpora that it writes
MAX_CHARACTERS = 120
FLITE = ["kal16", "awb", "rms", "slt"]
FESTIVAL = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]
ESPEAK = ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"]
ESPEAK_VARIANTS = ["", "+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5"]
VOICES = {"flite": FLITE, "festival": FESTIVAL, "espeak": ESPEAK}
READING_VARIANTS = [f"+{name}" for name in """m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 klatt5 klatt6 Alex Alicia Andrea Andy
    Annie Gene Lee Mario Michael Mike adam anika antonio belinda benjamin boris caleb david ed edward gustave iven john
    linda marcelo max michel miguel pablo paul pedro quincy rob robert sandro shelby steph travis victor zac""".split()]
SHARES = [("flite", 5), ("festival", 2), ("espeak", 4)]


@dataclass
class Job:
    engine: str
    voice: str
    text: str
    said: str  # what the synthesiser is given
    path: Path
    seed: int
    pitch: int | None = None  # hertz; flite's own where there is none


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--utterances", type=int, default=5000)
    parser.add_argument("--texts", type=Path, nargs="+", help="plain text, also as .xz, read aloud sentence by sentence")
    parser.add_argument(
        "--voices", nargs="+", type=voice_named, metavar="ENGINE:NAME", help="of the texts, such as festival:kal_diphone; each as often"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    if arguments.voices and not arguments.texts:
        parser.error("--voices are those of --texts; commands have their own")
    config = from_arguments(arguments)
    output = Path(config.data.corpora[BOOKS if arguments.texts else COMMANDS].folder)
    recorded = {name: c for name, c in config.data.corpora.items() if name not in (COMMANDS, BOOKS)}
    spoken = [s for name, c in recorded.items() for s in read_sources(name, c)]
    (output / "audio").mkdir(parents=True, exist_ok=True)
    if arguments.texts:
        held_out = [s.text for s in spoken if s.part != "train"]
        texts = [read_text(file) for file in arguments.texts]
        said = reading_sentences(texts, held_out, config.seed)
        chosen = plan_reading(said, output, config.seed, arguments.voices)
    else:
        texts = sorted({s.text for s in spoken if s.part == "train" and len(s.text) < MAX_CHARACTERS})
        chosen = plan(texts, output, config.seed)
    jobs = list(islice(chosen, arguments.utterances))
    synthesise(jobs, arguments.workers)
    write_manifest(jobs, output)


def plan(texts: list[str], output: Path, seed: int) -> Iterator[Job]:
    r = random.Random(seed)
    for at, (text, letters) in enumerate(sentences(texts, seed)):
        engine, name = choose_voice(r, ESPEAK_VARIANTS)
        # Between other words, an A alone would be read as the article.
        a = "[[eI]]" if engine == "espeak" else "ay"
        said = " ".join(a if letters and word == "A" else word for word in text.split())
        said = said if letters else said.lower()
        yield Job(engine, name, text, said, output / "audio" / f"{at:06}.flac", seed + at)


def plan_reading(sentences: Iterable[str], output: Path, seed: int, voices: list[tuple[str, str]] | None = None) -> Iterator[Job]:
    """More voices than for commands, and flite's at other pitches: what is read is to be heard in many ways. `voices`:
    these alone, engine and name."""
    r = random.Random(seed)
    for at, said in enumerate(sentences):
        engine, name = r.choice(voices) if voices else choose_voice(r, READING_VARIANTS)
        pitch = r.randint(85, 220) if engine == "flite" and r.random() < 0.7 else None
        yield Job(engine, name, normalise(said), said, output / "audio" / f"{at:06}.flac", seed + at, pitch)


def voice_named(text: str) -> tuple[str, str]:
    """Engine and name of an option's "engine:name"; only espeak's voices have variants."""
    engine, _, name = text.partition(":")
    if (name.split("+")[0] if engine == "espeak" else name) not in VOICES.get(engine, []):
        known = ", ".join(f"{engine}:{name}" for engine, names in VOICES.items() for name in names)
        raise argparse.ArgumentTypeError(f"{text} is none of {known}")
    return engine, name


def choose_voice(r: random.Random, variants: list[str]) -> tuple[str, str]:
    engine = r.choices(*zip(*SHARES))[0]
    voice = r.choice(VOICES[engine])
    return engine, voice + (r.choice(variants) if engine == "espeak" else "")


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
        settings = ["--setf", f"duration_stretch={r.uniform(0.8, 1.3):.2f}"]
        if job.pitch:
            settings += ["--setf", f"int_f0_target_mean={job.pitch}"]
        return ["flite", "-voice", job.voice, *settings, "-t", job.said, "-o", str(file)]
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
