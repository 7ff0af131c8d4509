"""Tiny random models and recordings."""

import csv
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import torch

from training.config import Config, CorpusConfig, DecoderConfig, EncoderConfig, ModelConfig
from training.graph.onnx_graph import OnnxGraph
from training.graph.save import save_graphs
from training.model import AsrModel
from training.recognise.recognisers import open_session
from training.units.text import Units


def tiny_model_config(experts: int = 4, **encoder) -> ModelConfig:
    defaults = {"size": 32, "heads": 2, "layers": 2, "hidden": 24, "kernel": 7, "channels": 4, "dropout": 0.0}
    return ModelConfig(
        encoder=EncoderConfig(**(defaults | {"experts": experts} | encoder)),
        decoder=DecoderConfig(layers=1, right_layers=1, heads=2, hidden=24, experts=experts, dropout=0.0),
    )


def tiny_model(config: ModelConfig | None = None, seed: int = 0) -> AsrModel:
    """Random weights large enough that every part of the model matters."""
    torch.manual_seed(seed)
    model = AsrModel(config or tiny_model_config()).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() == 1:
                p.add_(torch.randn_like(p) * 0.1)
    model.encoder.global_cmvn.mean.fill_(10.0)
    model.encoder.global_cmvn.istd.fill_(0.3)
    return model


def run_graph(graph: OnnxGraph, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        save_graphs({"graph.onnx": graph}, Path(folder))
        return open_session(Path(folder) / "graph.onnx", 1).run(None, feeds)


def random_waveforms(lens: list[int], seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    waveform = torch.zeros(len(lens), max(lens))
    for row, n in zip(waveform, lens):
        row[:n] = torch.randn(n, generator=generator) * 0.1
    return waveform, torch.tensor(lens)


def make_corpus(folder: Path, speakers: int = 4, utterances: int = 3, seconds: float = 1.0) -> CorpusConfig:
    """Tones instead of speech: enough for the machinery. Speaker s0 is held out."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    rows = []
    for speaker in range(speakers):
        for n in range(utterances):
            word, name = ("YES", "NO", "GO")[n % 3], f"s{speaker}-{n}.wav"
            time = np.arange(int(16000 * seconds * random.uniform(0.7, 1.3))) / 16000
            tone = 0.2 * np.sin(2 * np.pi * (300 + 200 * (n % 3)) * time) + 0.001 * random.standard_normal(len(time))
            soundfile.write(folder / name, tone, 16000, subtype="PCM_16")
            rows.append([name, f"s{speaker}", word, "train"])
    with open(folder / "manifest.tsv", "w", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerows([["path", "speaker", "transcript", "split"], *rows])
    return CorpusConfig(folder=str(folder), dev_speakers=["s0"], codecs=["opus"])


def tiny_config(folder: Path, corpus: CorpusConfig, steps: int = 6) -> Config:
    config = Config(name="tiny", model=tiny_model_config())
    config.model.encoder.dropout = config.model.decoder.dropout = 0.1
    config.data.folder, config.data.corpora = str(folder), {"tones": corpus}
    config.train.steps, config.train.batch_seconds, config.train.threads = steps, 6.0, 1
    config.train.checkpoint_every = config.train.evaluate_every = 3
    config.train.warmup = 2
    return config


UNITS = Units()
