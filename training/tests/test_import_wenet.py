import json
import tempfile
import unittest
from pathlib import Path

import torch

from training.config import DecoderConfig, EncoderConfig, ModelConfig
from training.importing.wenet.cmvn import read_cmvn
from training.importing.wenet.options import read_options
from training.importing.wenet.problems import UnsupportedError
from training.importing.wenet.weights import load_weights, state_dict_of
from training.model import AsrModel
from training.tests.support import tiny_model


def train_yaml(**changes) -> dict:
    """A U2++ conformer as WeNet writes it, small."""
    conf = {
        "encoder": "conformer",
        "encoder_conf": {
            "activation_type": "swish",
            "attention_dropout_rate": 0.1,
            "attention_heads": 2,
            "causal": True,
            "cnn_module_kernel": 7,
            "cnn_module_norm": "layer_norm",
            "dropout_rate": 0.1,
            "input_layer": "conv2d",
            "linear_units": 24,
            "normalize_before": True,
            "num_blocks": 2,
            "output_size": 32,
            "pos_enc_layer_type": "rel_pos",
            "positional_dropout_rate": 0.1,
            "selfattention_layer_type": "rel_selfattn",
            "use_dynamic_chunk": True,
            "use_dynamic_left_chunk": False,
        },
        "decoder": "bitransformer",
        "decoder_conf": {
            "attention_heads": 2,
            "dropout_rate": 0.1,
            "linear_units": 24,
            "num_blocks": 2,
            "positional_dropout_rate": 0.1,
            "r_num_blocks": 1,
            "self_attention_dropout_rate": 0.1,
            "src_attention_dropout_rate": 0.1,
        },
        "dataset_conf": {"fbank_conf": {"num_mel_bins": 80, "frame_shift": 10, "frame_length": 25, "dither": 0.1}},
        "model_conf": {"ctc_weight": 0.3, "lsm_weight": 0.1, "reverse_weight": 0.3, "length_normalized_loss": False},
        "input_dim": 80,
        "output_dim": 40,
        "tokenizer": "char",
        "tokenizer_conf": {"special_tokens": {"<blank>": 0, "<unk>": 1, "<sos>": 39, "<eos>": 39}},
    }
    for path, value in changes.items():
        section, _, key = path.partition("__")
        target = conf if not key else conf[section]
        target[key or section] = value
    return conf


MOE = {"mlp_type": "moe", "n_expert": 4, "n_expert_activated": 2}
OURS = {"bins": 80, "size": 32, "heads": 2, "layers": 2, "hidden": 24, "kernel": 7, "causal": True, "dropout": 0.0}


def our_config(experts: int = 0, right_layers: int = 1, **encoder) -> ModelConfig:
    return ModelConfig(
        vocabulary=40,
        encoder=EncoderConfig(**(OURS | {"experts": experts} | encoder)),
        decoder=DecoderConfig(
            layers=2, right_layers=right_layers, heads=2, hidden=24, activation="relu", experts=experts, dropout=0.0
        ),
    )


class KeyTest(unittest.TestCase):
    def test_state_dict_keys_are_the_ones_wenet_writes(self):
        keys = set(AsrModel(our_config(experts=4)).state_dict())
        layer = "encoder.encoders.1."
        linears = [f"self_attn.linear_{x}.{y}" for x in ("q", "k", "v", "out") for y in ("weight", "bias")]
        expected = {f"{layer}{name}" for name in linears}
        expected |= {f"{layer}self_attn.{name}" for name in ("linear_pos.weight", "pos_bias_u", "pos_bias_v")}
        for feed_forward in ("feed_forward", "feed_forward_macaron"):
            expected.add(f"{layer}{feed_forward}.gate.weight")
            for e in range(4):
                for name in ("w_1.weight", "w_1.bias", "w_2.weight", "w_2.bias"):
                    expected.add(f"{layer}{feed_forward}.experts.{e}.{name}")
        for name in ("pointwise_conv1", "depthwise_conv", "norm", "pointwise_conv2"):
            expected |= {f"{layer}conv_module.{name}.{y}" for y in ("weight", "bias")}
        for name in ("norm_ff", "norm_mha", "norm_ff_macaron", "norm_conv", "norm_final"):
            expected |= {f"{layer}{name}.{y}" for y in ("weight", "bias")}
        self.assertEqual({k for k in keys if k.startswith(layer)}, expected)
        for key in (
            "encoder.global_cmvn.mean",
            "encoder.global_cmvn.istd",
            "encoder.embed.conv.0.weight",
            "encoder.embed.conv.2.weight",
            "encoder.embed.out.0.weight",
            "encoder.after_norm.weight",
            "ctc.ctc_lo.weight",
            "decoder.left_decoder.embed.0.weight",
            "decoder.left_decoder.decoders.1.self_attn.linear_q.weight",
            "decoder.left_decoder.decoders.1.src_attn.linear_out.bias",
            "decoder.left_decoder.decoders.1.norm3.weight",
            "decoder.left_decoder.output_layer.weight",
            "decoder.right_decoder.decoders.0.feed_forward.experts.3.w_2.bias",
            "decoder.right_decoder.after_norm.weight",
        ):
            self.assertIn(key, keys)

    def test_a_model_with_one_decoder_has_no_left_in_its_keys(self):
        keys = AsrModel(our_config(right_layers=0)).state_dict()
        self.assertIn("decoder.decoders.1.feed_forward.w_1.weight", keys)

    def test_subsampling_by_6_and_8_has_a_linear(self):
        for kind, convolutions in (("conv2d6", (0, 2)), ("conv2d8", (0, 2, 4))):
            keys = AsrModel(our_config(input_layer=kind)).state_dict()
            self.assertIn("encoder.embed.linear.weight", keys)
            for n in convolutions:
                self.assertIn(f"encoder.embed.conv.{n}.weight", keys)


class OptionsTest(unittest.TestCase):
    def test_reads_dense_and_moe(self):
        config = read_options(train_yaml())
        self.assertEqual((config.encoder.experts, config.decoder.experts), (0, 0))
        self.assertEqual((config.encoder.causal, config.decoder.activation), (True, "relu"))
        changes = {f"{part}__{key}": value for part in ("encoder_conf", "decoder_conf") for key, value in MOE.items()}
        config = read_options(train_yaml(**changes))
        self.assertEqual((config.encoder.experts, config.decoder.experts, config.encoder.top_k), (4, 4, 2))

    def test_takes_wenets_defaults_where_a_key_is_missing(self):
        config = read_options({"output_dim": 40, "encoder_conf": {}, "decoder": "transformer"})
        self.assertEqual(
            (config.encoder.conv_norm, config.encoder.size, config.encoder.hidden), ("batch_norm", 256, 2048)
        )
        self.assertEqual((config.decoder.layers, config.decoder.right_layers), (6, 0))

    def test_lists_every_option_it_does_not_support(self):
        changes = {
            "encoder": "branchformer",
            "encoder_conf__input_layer": "linear",
            "encoder_conf__pos_enc_layer_type": "rope_pos",
            "encoder_conf__layer_norm_type": "rms_norm",
            "encoder_conf__something_new": 3,
            "decoder_conf__activation_type": "gelu",
            "model_conf__apply_non_blank_embedding": True,
            "dataset_conf__feats_type": "log_mel_spectrogram",
        }
        with self.assertRaises(UnsupportedError) as raised:
            read_options(train_yaml(**changes))
        message = str(raised.exception)
        self.assertEqual(len(raised.exception.problems), 8)
        parts = ("branchformer", "linear", "rope_pos", "rms_norm", "something_new", "gelu", "apply_non_blank", "log_mel")
        for part in parts:
            self.assertIn(part, message)


class WeightsTest(unittest.TestCase):
    def test_equals_the_model_the_checkpoint_came_from(self):
        cases = [our_config(), our_config(experts=4), our_config(right_layers=0, conv_norm="batch_norm")]
        cases += [our_config(input_layer=kind) for kind in ("conv2d6", "conv2d8")]
        for config in cases:
            source = tiny_model(config)
            state = {f"module.{k}": v for k, v in source.state_dict().items()}
            model = load_weights(config, state_dict_of({"state_dict": state}), None)
            features, lens = torch.randn(2, 120, 80) + 10, torch.tensor([120, 77])
            with torch.no_grad():
                for ours, theirs in zip(model.encoder(features, lens), source.encoder(features, lens)):
                    self.assertTrue(torch.equal(ours, theirs))

    def test_lists_missing_and_unknown_keys_and_shapes(self):
        config = our_config()
        state = tiny_model(config).state_dict()
        del state["encoder.after_norm.weight"], state["encoder.global_cmvn.mean"]
        state["ctc.ctc_lo.bias"] = torch.zeros(3)
        state["encoder.encoders.0.lora_A"] = torch.zeros(1)
        with self.assertRaises(UnsupportedError) as raised:
            load_weights(config, state, None)
        message = str(raised.exception)
        for part in ("encoder.after_norm.weight: not in", "--cmvn", "ctc.ctc_lo.bias: [3]", "lora_A: unknown"):
            self.assertIn(part, message)

    def test_leaves_out_what_old_versions_saved_in_vain_and_fills_biases_that_were_switched_off(self):
        config = our_config(experts=4)
        state = tiny_model(config).state_dict()
        state["encoder.encoders.0.concat_linear.weight"] = torch.zeros(32, 64)
        state["encoder.embed.pos_enc.pe"] = torch.zeros(1, 5000, 32)
        for key in [k for k in state if k.endswith(("w_1.bias", "w_2.bias"))]:
            del state[key]
        model = load_weights(config, state, None)
        self.assertEqual(model.encoder.encoders[0].feed_forward.b1.abs().sum().item(), 0)

    def test_statistics_from_json_and_from_kaldis_text_are_the_same(self):
        features = torch.randn(500, 4, dtype=torch.float64) * 2 + 7
        sums, squares = features.sum(0).tolist(), features.square().sum(0).tolist()
        with tempfile.TemporaryDirectory() as folder:
            json_file, text_file, binary = (Path(folder) / name for name in ("json", "kaldi", "binary"))
            json_file.write_text(json.dumps({"mean_stat": sums, "var_stat": squares, "frame_num": 500}))
            text_file.write_text(f" [\n  {' '.join(map(str, sums))} 500\n  {' '.join(map(str, squares))} 0 ]\n")
            binary.write_bytes(b"\0BDM \x04\xff\xfe")
            for path in (json_file, text_file):
                mean, istd = read_cmvn(path)
                self.assertTrue(torch.allclose(torch.tensor(mean).double(), features.mean(0), atol=1e-5))
                expected = 1 / features.std(0, correction=0)
                self.assertTrue(torch.allclose(torch.tensor(istd).double(), expected, atol=1e-5))
            with self.assertRaises(UnsupportedError):
                read_cmvn(binary)


if __name__ == "__main__":
    unittest.main()
