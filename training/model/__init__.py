"""The U2++ conformer: encoder, CTC head and bidirectional attention decoder, dense or with Mixtures of Experts."""

from training.model.asr import AsrModel, Losses
from training.model.counts import count_parameters

__all__ = ["AsrModel", "Losses", "count_parameters"]
