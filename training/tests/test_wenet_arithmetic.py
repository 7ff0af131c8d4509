import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.export.pack import Facts, export, rounded
from training.graph.encoder import build_encoder
from training.graph.moe import expand_moe
from training.graph.pack import traced
from training.graph.save import save_graphs
from training.graph.half import as_half
from training.importing.pack import import_pack
from training.model import AsrModel
from training.graph.onnx_export import export_decoder
from training.recognise.recognisers import open_session
from training.tests.test_import_wenet import MOE, train_yaml
from training.tests.wenet_arithmetic import Wenet
from training.units.text import Units
from training.graph.tree_decoder import export_tree_decoder
from training.importing.wenet.options import read_options
from training.importing.wenet.weights import load_weights

FRAMES = (120, 77, 33, 8)
HYPOTHESES = ([5, 6, 7, 8], [5, 9], [], [11, 11, 3, 4, 2])
CLOSE = 1e-4
BIASES = ("query_bias", "key_bias", "value_bias", "conv_bias", "mlp_bias")
CASES = {
    "causal": {},
    "causal, batch norm": {"encoder_conf__cnn_module_norm": "batch_norm"},
    "an even kernel": {"encoder_conf__cnn_module_kernel": 8},
    "centred, batch norm": {"encoder_conf__cnn_module_norm": "batch_norm", "encoder_conf__causal": False},
    "by 6": {"encoder_conf__input_layer": "conv2d6"},
    "by 8": {"encoder_conf__input_layer": "conv2d8"},
    "experts": {f"{part}__{key}": value for part in ("encoder_conf", "decoder_conf") for key, value in MOE.items()},
    "one decoder, swish, its own sos and eos": {
        "decoder": "transformer",
        "decoder_conf__r_num_blocks": 0,
        "decoder_conf__activation_type": "swish",
        "tokenizer_conf__special_tokens": {"<blank>": 0, "<unk>": 1, "<sos>": 2, "<eos>": 3},
    },
    "no biases": {f"{part}_conf__{key}": False for part in ("encoder", "decoder") for key in BIASES if (part, key) != ("decoder", "conv_bias")},
}


def checkpoint(conf: dict, seed: int = 0) -> dict[str, Tensor]:
    """Random weights as large as learned ones: norms around 1 ± 0.5, biases of rms 0.5, glu(bias) of rms 0.7."""
    model = AsrModel(read_options(conf))
    random = torch.Generator().manual_seed(seed)

    def normal(like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=random)

    state = {}
    for name, value in model.state_dict().items():
        norm = ".norm" in name or "after_norm" in name
        if norm and name.endswith("weight"):
            state[name] = 1 + 0.5 * (2 * torch.rand(value.shape, generator=random) - 1)
        elif name.endswith("running_var"):
            state[name] = 0.3 + torch.rand(value.shape, generator=random)
        elif name.endswith("global_cmvn.mean"):
            state[name] = 10 + 2 * normal(value)
        elif name.endswith("global_cmvn.istd"):
            state[name] = 0.2 + 0.2 * torch.rand(value.shape, generator=random)
        elif name.endswith("pointwise_conv1.bias"):
            kept, gate = normal(value).chunk(2)
            state[name] = torch.cat([kept, 1 + 0.5 * gate])
        elif value.dim() == 1 or "pos_bias" in name:
            state[name] = 0.5 * normal(value)
        elif value.dim() > 1:
            fan = value[0].numel() if "embed.0.weight" not in name else 4
            state[name] = normal(value) / fan**0.5
    for part, options in (("encoder.", conf["encoder_conf"]), ("decoder.", conf["decoder_conf"])):
        if not options.get("mlp_bias", True):
            state = {name: v for name, v in state.items() if not (name.startswith(part) and optional(name))}
    return state


def optional(name: str) -> bool:
    return name.endswith("bias") and any(f".{layer}" in name for layer in ("linear_", "pointwise", "depthwise", "w_"))


def recordings() -> tuple[Tensor, Tensor]:
    """A padded batch, with something loud in the padding."""
    random = torch.Generator().manual_seed(4)
    return torch.randn(len(FRAMES), max(FRAMES), 80, generator=random) * 3 + 10, torch.tensor(FRAMES)


class ArithmeticTest(unittest.TestCase):
    """The imported model and its graphs against WeNet's arithmetic, at weights as large as learned ones."""

    def wenet(self, conf: dict) -> tuple[Wenet, AsrModel]:
        state, config = checkpoint(conf), read_options(conf)
        model = load_weights(config, state, None)
        return Wenet(state, conf["encoder_conf"], conf["decoder_conf"], model.sos, model.eos), model

    def compare(self, name: str, expected: Tensor, found: Tensor | np.ndarray) -> None:
        difference = (expected - torch.as_tensor(found).double()).abs().max().item()
        self.assertLess(difference, CLOSE, name)

    def test_biases_are_as_large_as_in_a_model_that_learned(self):
        state = checkpoint(train_yaml())
        values = [torch.nn.functional.glu(v, 0) for k, v in state.items() if k.endswith("pointwise_conv1.bias")]
        self.assertAlmostEqual(torch.cat(values).square().mean().sqrt().item(), 0.7, delta=0.15)

    @torch.no_grad()
    def test_encoder_and_ctc(self):
        features, lens = recordings()
        for name, changes in CASES.items():
            conf = train_yaml(**changes)
            wenet, model = self.wenet(conf)
            chunks = (0, 4) if conf["encoder_conf"]["causal"] else (0,)
            for chunk in chunks:
                graphs = {"gpu": build_encoder(model, chunk, cpu=False), "cpu": expand_moe(build_encoder(model, chunk))}
                feed = {"speech": features.numpy(), "speech_lengths": lens.int().numpy()}
                outputs = {form: session_of(graph).run(None, feed) for form, graph in graphs.items()}
                out, counts = model.encoder(features, lens, chunk)
                for row, count in enumerate(counts):
                    label = f"{name}, chunk {chunk}, row {row}"
                    expected = wenet.encode(features[row, : lens[row]], chunk) if count else torch.zeros(0, 32)
                    self.assertEqual(len(expected), count, label)
                    if not count:
                        continue
                    self.compare(label, expected, out[row, :count])
                    self.compare(label, wenet.ctc(expected), model.ctc(out)[row, :count])
                    for form, (encoded, _, log_probs, *_) in outputs.items():
                        self.compare(f"{label}, {form}", expected, encoded[row, :count])
                        self.compare(f"{label}, {form}", wenet.ctc(expected), log_probs[row, :count])

    @torch.no_grad()
    def test_decoders(self):
        lens = [len(h) + 1 for h in HYPOTHESES]
        for name, changes in CASES.items():
            wenet, model = self.wenet(train_yaml(**changes))
            hyps = torch.full((1, len(HYPOTHESES), max(lens)), model.eos)
            hyps[..., 0] = model.sos
            for row, tokens in enumerate(HYPOTHESES):
                hyps[0, row, 1 : lens[row]] = torch.tensor(tokens, dtype=torch.int64)
            encoded = torch.randn(1, 25, 32, generator=torch.Generator().manual_seed(3))
            inputs = (encoded, torch.tensor([25], dtype=torch.int32), hyps, torch.tensor([lens], dtype=torch.int32))
            names = ("encoder_out", "encoder_out_lens", "hyps", "hyps_lens")
            feed = {key: value.numpy() for key, value in zip(names, inputs)}
            traces = {"gpu": traced(export_decoder, model), "cpu": expand_moe(traced(export_tree_decoder, model))}
            scores = {"torch": model.score(*inputs)}
            scores |= {form: session_of(graph).run(None, feed) for form, graph in traces.items()}
            two = model.right is not None
            for row, tokens in enumerate(HYPOTHESES):
                forwards = wenet.score(encoded[0].double(), tokens)
                backwards = wenet.score(encoded[0].double(), tokens, reverse=True) if two else forwards
                for form, (left, right) in scores.items():
                    label = f"{name}, {form}, hypothesis {row}"
                    self.assertAlmostEqual(float(left[0, row].sum()), forwards, delta=CLOSE, msg=label)
                    self.assertAlmostEqual(float(right[0, row].sum()), backwards, delta=CLOSE, msg=label)


class CausalPackTest(unittest.TestCase):
    def test_what_stands_before_the_first_frame_keeps_its_32_bits_and_comes_back(self):
        conf = train_yaml(encoder_conf__output_size=256, encoder_conf__num_blocks=1)
        model = load_weights(read_options(conf), checkpoint(conf), None)
        names = [name for name in build_encoder(model).weights if name.endswith("/exact")]
        self.assertEqual(len(names), 2)
        self.assertTrue(all(as_half(name, np.ones(512, np.float32)) is None for name in names))
        units = Units(tuple(["<blank>", "<unk>", *(chr(0x4E00 + n) for n in range(37)), "<sos/eos>"]))
        with tempfile.TemporaryDirectory() as folder:
            worst = export(model, units, Facts("causal", "1.0.0"), Path(folder))
            self.assertLess(worst["encoder_out"], CLOSE)
            back = import_pack(Path(folder), Config(model=model.c)).state_dict()
        for name, value in rounded(model).state_dict().items():
            self.assertTrue(torch.allclose(back[name], value, atol=1e-5), name)


def session_of(graph):
    with tempfile.TemporaryDirectory() as folder:
        save_graphs({"graph.onnx": graph}, Path(folder))
        return open_session(Path(folder) / "graph.onnx", 1)


if __name__ == "__main__":
    unittest.main()
