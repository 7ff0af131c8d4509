"""train.yaml as our model's configuration.

Supported: conformer encoders (dense or MoE) with conv2d, conv2d6 or conv2d8 subsampling and relative positions;
transformer and bitransformer decoders; features of 80 or another number of mel bins at 16 kHz.
"""

from training.config import DecoderConfig, EncoderConfig, ModelConfig
from training.importing.wenet.problems import UnsupportedError

# Of no effect on what a finished model computes.
IGNORED = {
    *("dropout_rate", "positional_dropout_rate", "attention_dropout_rate", "self_attention_dropout_rate"),
    *(
        "src_attention_dropout_rate",
        "use_dynamic_chunk",
        "use_dynamic_left_chunk",
        "gradient_checkpointing",
        "use_sdpa",
    ),
    *("query_bias", "key_bias", "value_bias", "conv_bias", "mlp_bias", "src_query_bias", "src_key_bias"),
    *("src_value_bias", "positionwise_conv_kernel_size", "tie_word_embedding"),
}
# Keys with the only value that we compute, which is WeNet's default too.
FIXED_ENCODER = {
    "pos_enc_layer_type": "rel_pos",
    "selfattention_layer_type": "rel_selfattn",
    "normalize_before": True,
    "concat_after": False,
    "static_chunk_size": 0,
    "macaron_style": True,
    "activation_type": "swish",
    "use_cnn_module": True,
    "conv_norm_eps": 1e-5,
    "conv_inner_factor": 2,
    "final_norm": True,
    "layer_norm_type": "layer_norm",
    "norm_eps": 1e-5,
    "n_kv_head": None,
    "head_dim": None,
}
FIXED_DECODER = {
    "input_layer": "embed",
    "use_output_layer": True,
    "normalize_before": True,
    "concat_after": False,
    "src_attention": True,
    "layer_norm_type": "layer_norm",
    "norm_eps": 1e-5,
    "n_kv_head": None,
    "head_dim": None,
}
MLP_TYPES = ("position_wise_feed_forward", "moe")


def has_cmvn(train: dict) -> bool:
    """Whether the model was built with global statistics, by the keys of newer and of older recipes."""
    return train.get("cmvn") == "global_cmvn" or train.get("cmvn_file") is not None


class Options:
    """One `*_conf` mapping: what is read from it, what must be as we compute it, and what is left over."""

    def __init__(self, name: str, values: dict, problems: list[str]):
        self.name, self.values, self.problems = name, dict(values), problems

    def take(self, key: str, default, allowed: tuple | None = None):
        value = self.values.pop(key, default)
        if allowed is not None and value not in allowed:
            self.problems.append(f"{self.name}.{key}: {value!r} (supported: {', '.join(map(str, allowed))})")
            return allowed[0]
        return value

    def finish(self, fixed: dict) -> None:
        for key, value in self.values.items():
            if key in fixed:
                if value != fixed[key]:
                    self.problems.append(f"{self.name}.{key}: {value!r} (supported: {fixed[key]!r})")
            elif key not in IGNORED:
                self.problems.append(f"{self.name}.{key}: {value!r} (unknown option)")


def read_options(train: dict) -> ModelConfig:
    """Raises UnsupportedError with every option that is not supported."""
    problems: list[str] = []
    top = Options("train.yaml", train, problems)
    top.take("encoder", "conformer", ("conformer",))
    decoder = top.take("decoder", "bitransformer", ("bitransformer", "transformer"))
    top.take("model", "asr_model", ("asr_model",))
    # Its decoder attends to those frames only where CTC does not say blank.
    Options("model_conf", train.get("model_conf", {}), problems).take("apply_non_blank_embedding", False, (False,))
    Options("dataset_conf", train.get("dataset_conf", {}), problems).take("feats_type", "fbank", ("fbank",))
    features = train.get("dataset_conf", {}).get("fbank_conf", {})
    Options("dataset_conf.fbank_conf", features, problems).take("frame_shift", 10, (10,))
    Options("dataset_conf.fbank_conf", features, problems).take("frame_length", 25, (25,))
    Options("dataset_conf.fbank_conf", features, problems).take("window_type", "povey", ("povey",))
    rate = train.get("dataset_conf", {}).get("resample_conf", {})
    Options("dataset_conf.resample_conf", rate, problems).take("resample_rate", 16000, (16000,))
    bins = train.get("input_dim", features.get("num_mel_bins", 80))
    if "output_dim" not in train:
        problems.append("train.yaml.output_dim: missing")
    encoder = read_encoder(Options("encoder_conf", train.get("encoder_conf", {}), problems), bins)
    vocabulary = int(train.get("output_dim", 1))
    special = train.get("tokenizer_conf", {}).get("special_tokens") or {}
    config = ModelConfig(
        vocabulary=vocabulary,
        blank=int(train.get("ctc_conf", {}).get("ctc_blank_id", special.get("<blank>", 0))),
        sos=int(special.get("<sos>", vocabulary - 1)),
        eos=int(special.get("<eos>", vocabulary - 1)),
        ctc_weight=float(train.get("model_conf", {}).get("ctc_weight", 0.5)),
        reverse_weight=float(train.get("model_conf", {}).get("reverse_weight", 0.0)),
        encoder=encoder,
        decoder=read_decoder(Options("decoder_conf", train.get("decoder_conf", {}), problems), decoder),
    )
    if problems:
        raise UnsupportedError(problems)
    return config


def read_encoder(options: Options, bins: int) -> EncoderConfig:
    mlp = options.take("mlp_type", MLP_TYPES[0], MLP_TYPES)
    experts, top_k = options.take("n_expert", 8), options.take("n_expert_activated", 2)
    config = EncoderConfig(
        bins=int(bins),
        size=options.take("output_size", 256),
        heads=options.take("attention_heads", 4),
        layers=options.take("num_blocks", 6),
        hidden=options.take("linear_units", 2048),
        kernel=options.take("cnn_module_kernel", 15),
        causal=options.take("causal", False),
        conv_norm=options.take("cnn_module_norm", "batch_norm", ("batch_norm", "layer_norm")),
        input_layer=options.take("input_layer", "conv2d", ("conv2d", "conv2d6", "conv2d8")),
        experts=experts if mlp == "moe" else 0,
        top_k=top_k,
        dropout=0.0,
    )
    options.finish(FIXED_ENCODER)
    return config


def read_decoder(options: Options, kind: str) -> DecoderConfig:
    mlp = options.take("mlp_type", MLP_TYPES[0], MLP_TYPES)
    experts, top_k = options.take("n_expert", 8), options.take("n_expert_activated", 2)
    right = options.take("r_num_blocks", 0)
    config = DecoderConfig(
        layers=options.take("num_blocks", 6),
        right_layers=right if kind == "bitransformer" else 0,
        heads=options.take("attention_heads", 4),
        hidden=options.take("linear_units", 2048),
        activation=options.take("activation_type", "relu", ("relu", "swish")),
        experts=experts if mlp == "moe" else 0,
        top_k=top_k,
        dropout=0.0,
    )
    options.finish(FIXED_DECODER)
    return config
