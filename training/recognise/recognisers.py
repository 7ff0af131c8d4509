"""Two ways to run a model: a checkpoint in PyTorch, full-context or in chunks, and a pack in onnxruntime."""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
import torch

from training import checkpoint
from training.language_model.ngram_file import NgramModel
from training.model import AsrModel
from training.model.frontend import frontend_of, samples_for
from training.recognise.decoding import Language, LanguageWeights

CANDIDATES = 10


@dataclass
class Encoded:
    encoder_out: np.ndarray  # [T', D]
    log_probs: np.ndarray  # [T', K] best of every frame
    tokens: np.ndarray  # [T', K]


class Recogniser(Protocol):
    blank: int
    sos: int
    eos: int

    def encode(self, waveform: np.ndarray) -> Encoded:
        """float32 [N] in [-1, 1]."""
        ...

    def score(self, encoded: Encoded, hyps: np.ndarray, lens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sums of log-probs of every hypothesis, left to right and right to left, [N] each."""
        ...


class TorchRecogniser:
    def __init__(self, path: Path, device: torch.device, chunk: int = 0, left_chunks: int = -1):
        content = checkpoint.load(path)
        self.config = config = checkpoint.load_config(content)
        self.model = AsrModel(config.model).to(device).eval()
        self.model.load_state_dict(content["model"])
        self.fbank = frontend_of(config.model.encoder).to(device)
        self.device, self.chunk, self.left_chunks = device, chunk, left_chunks
        self.blank, self.sos, self.eos = config.model.blank, self.model.sos, self.model.eos
        self.min_samples = samples_for(self.model.encoder.embed.min_frames)

    @torch.no_grad()
    def encode(self, waveform: np.ndarray) -> Encoded:
        waveform = np.pad(waveform, (0, max(0, self.min_samples - len(waveform))))
        lens = torch.tensor([len(waveform)], device=self.device)
        features, lens = self.fbank(torch.from_numpy(waveform)[None].to(self.device), lens)
        out, _ = self.model.encoder(features, lens.long(), self.chunk, self.left_chunks)
        best, tokens = self.model.ctc(out).topk(CANDIDATES, dim=-1)
        return Encoded(out[0].cpu().numpy(), best[0].cpu().numpy(), tokens[0].cpu().numpy())

    @torch.no_grad()
    def score(self, encoded: Encoded, hyps: np.ndarray, lens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        out = torch.from_numpy(encoded.encoder_out)[None].to(self.device)
        arrays = (torch.tensor([out.shape[1]]), torch.from_numpy(hyps)[None], torch.from_numpy(lens)[None])
        scores = self.model.score(out, *(a.to(self.device) for a in arrays))
        return tuple(s[0].double().sum(-1).cpu().numpy() for s in scores)


class PackRecogniser:
    def __init__(self, pack: Path, threads: int = 2, form: str = "cpu"):
        """form: whose graphs, of those that model.json names; it is the CPU that they run on."""
        self.manifest = json.loads((pack / "model.json").read_text())
        self.blank, self.sos, self.eos = (self.manifest["vocabulary"][f"{n}_id"] for n in ("blank", "sos", "eos"))
        self.min_samples = self.manifest["min_samples"]
        graphs = self.manifest.get("variants", {}).get(form, {})
        self.frontend, self.encoder, self.decoder = (
            open_session(pack / graphs.get(name, f"{name}.onnx"), threads)
            for name in ("frontend", "encoder", "decoder")
        )

    def features(self, waveform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lens = np.array([len(waveform)], np.int64)
        return self.frontend.run(None, {"waveform": waveform[None], "waveform_lens": lens})

    def encode(self, waveform: np.ndarray) -> Encoded:
        waveform = np.pad(waveform, (0, max(0, self.min_samples - len(waveform))))
        features, lens = self.features(waveform)
        out, _, _, best, tokens = self.encoder.run(None, {"speech": features, "speech_lengths": lens})
        return Encoded(out[0], best[0], tokens[0])

    def score(self, encoded: Encoded, hyps: np.ndarray, lens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        out = encoded.encoder_out[None]
        inputs = {"encoder_out": out, "encoder_out_lens": np.array([out.shape[1]], np.int32)}
        left, right = self.decoder.run(None, inputs | {"hyps": hyps[None], "hyps_lens": lens[None]})
        return left[0].sum(-1, dtype=np.float64), right[0].sum(-1, dtype=np.float64)


def language_of(pack: Path, **weights: float | None) -> Language | None:
    """The pack's language model with its own weight, prior_weight and token_bonus unless others are given; None where it
    has none or its weight is 0."""
    manifest = json.loads((pack / "model.json").read_text())
    facts = manifest.get("language_model")
    if facts is None or weights.get("weight") == 0:
        return None
    model = NgramModel(pack / facts["file"], manifest["vocabulary"]["sos_id"])
    own = LanguageWeights(**{field.name: facts[field.name] for field in fields(LanguageWeights)})
    return Language(model, replace(own, **{name: value for name, value in weights.items() if value is not None}))


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
