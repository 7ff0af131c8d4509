"""Batches, assembled ahead in a thread."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.assemble import labels, waveforms
from training.data.batches import TOKENS_PER_SECOND, BatchPlan, Row
from training.data.corpus import Corpus
from training.model.frontend import SAMPLE_RATE
from training.units.phones import Lexicon
from training.units.text import Units

AHEAD = 4


@dataclass
class FedBatch:
    rows: list[Row]
    size: int  # samples that it is padded to
    waveform: Tensor  # int16 [B, N]; empty where batches are cut out on the device
    lens: Tensor  # int64 [B]
    tokens: Tensor  # int64 [B, U]
    token_lens: Tensor  # int64 [B]
    phones: Tensor  # int64 [B, P]
    phone_lens: Tensor  # int64 [B]
    epoch: int
    batch: int

    @property
    def seconds(self) -> float:
        return self.lens.sum().item() / SAMPLE_RATE


class Feeder:
    """Endless batches from `position` ({epoch, batch}) on; numpy and the file cache work while PyTorch computes."""

    def __init__(
        self,
        corpus: Corpus,
        units: Units,
        config: Config,
        position: dict,
        lexicon: Lexicon | None = None,
        with_audio: bool = True,
    ):
        self.with_audio = with_audio
        self.corpus, self.units, self.config, self.lexicon = corpus, units, config, lexicon
        self.plan = BatchPlan(corpus.select("train"), config, units)
        self.start = (position["epoch"], position["batch"])
        self.queue: queue.Queue[FedBatch | BaseException] = queue.Queue(AHEAD)
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def __iter__(self) -> Iterator[FedBatch]:
        return self

    def __next__(self) -> FedBatch:
        item = self.queue.get()
        if isinstance(item, BaseException):
            raise item
        return item

    @staticmethod
    def after(batch: FedBatch) -> dict:
        """The position from which a resumed run goes on."""
        return {"epoch": batch.epoch, "batch": batch.batch + 1}

    def close(self) -> None:
        """Wait for the thread: one that is still at work in PyTorch when Python ends takes the process down with it."""
        self.closed.set()
        self.thread.join()

    def _work(self) -> None:
        try:
            epoch, first = self.start
            while True:
                for at, rows in enumerate(self.plan.epoch(epoch)):
                    if at < first:
                        continue
                    if not self._put(self._assembled(rows, epoch, at)):
                        return
                epoch, first = epoch + 1, 0
        except BaseException as error:  # told to the consumer, which would wait for ever otherwise
            self._put(error)

    def _assembled(self, rows: list[Row], epoch: int, at: int) -> FedBatch:
        size = self.plan.size_of(rows)
        width = int(size / SAMPLE_RATE * TOKENS_PER_SECOND) if self.plan.sizes else 0
        said = labels(rows, self.units, self.lexicon, width)
        waveform = np.zeros((0, 0), np.int16)
        if self.with_audio:
            seed = [self.config.seed, epoch, at]
            waveform = waveforms(rows, self.corpus, self.config.augment, seed, size)
        lens = np.array([row.samples for row in rows])
        arrays = (waveform, lens, said.tokens, said.token_lens, said.phones, said.phone_lens)
        return FedBatch(rows, size, *map(torch.from_numpy, arrays), epoch, at)

    def _put(self, item: FedBatch | BaseException) -> bool:
        while not self.closed.is_set():
            try:
                self.queue.put(item, timeout=0.5)
                return True
            except queue.Full:
                continue
        return False
