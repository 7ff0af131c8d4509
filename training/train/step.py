"""One optimiser step on one batch."""

import random

import torch

from training.config import Config
from training.data.augment import Augmenter
from training.devices import precision
from training.model import AsrModel, Losses
from training.model.frontend import Fbank
from training.model.phone_head import PhoneHead
from training.train.feeder import FedBatch


class TrainStep:
    def __init__(
        self,
        model: AsrModel,
        fbank: Fbank,
        optimizer: torch.optim.Optimizer,
        config: Config,
        device: torch.device,
        phone_head: PhoneHead | None = None,
    ):
        self.model, self.fbank, self.optimizer, self.config, self.device = model, fbank, optimizer, config, device
        self.phone_head = phone_head
        self.augmenter = Augmenter(config.augment, torch.Generator(device))

    def __call__(self, batch: FedBatch, number: int, rate: float, log: bool) -> dict | None:
        """Facts of this step when `log` is set (reading them waits for the device)."""
        c = self.config.train
        seed = self.config.seed * 1_000_003 + number
        self.augmenter.generator.manual_seed(seed)
        torch.manual_seed(seed)  # dropout
        features, lens = self._features(batch)
        chunk = self._chunk(random.Random(seed))
        tokens = batch.tokens.to(self.device, non_blocking=True)
        token_lens = batch.token_lens.to(self.device, non_blocking=True)
        self.model.train()
        with precision(self.device, self.config.train.bfloat16):
            losses = self.model.losses(features, lens, tokens, token_lens, chunk)
            phones = self._phone_loss(batch, losses)
        self.optimizer.zero_grad(set_to_none=True)
        (losses.total + c.phone_weight * phones).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), c.clip, foreach=True)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        if torch.isfinite(norm):
            self.optimizer.step()
        if not log:
            return None
        facts = {"loss": losses.total, "ctc": losses.ctc, "attention": losses.attention, "accuracy": losses.accuracy}
        if self.phone_head:
            facts["phones"] = phones
        return {name: round(value.item(), 4) for name, value in facts.items()} | {
            "gradient": round(norm.item(), 3),
            "rate": rate,
        }

    def _phone_loss(self, batch: FedBatch, losses: Losses) -> torch.Tensor | float:
        if self.phone_head is None:
            return 0.0
        hidden = losses.layers_out[self.config.train.phone_layer - 1]
        phones, phone_lens = batch.phones.to(self.device), batch.phone_lens.to(self.device)
        return self.phone_head(hidden, losses.encoder_lens, phones, phone_lens)

    @torch.no_grad()
    def _features(self, batch: FedBatch) -> tuple[torch.Tensor, torch.Tensor]:
        waveform = batch.waveform.to(self.device, non_blocking=True).float() / 32768
        lens = batch.lens.to(self.device, non_blocking=True)
        waveform, lens = self.augmenter.waveform(waveform, lens)
        features, lens = self.fbank(waveform, lens, self.augmenter.filters(self.config.model.encoder.bins))
        return self.augmenter.features(features, lens.long(), self.model.encoder.global_cmvn.mean), lens.long()

    def _chunk(self, r: random.Random) -> int:
        """0 is full context."""
        c = self.config.train
        return r.randint(1, c.chunk_max) if r.random() < c.chunk_probability else 0
