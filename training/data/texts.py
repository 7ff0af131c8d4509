"""What the training recordings say, as often as the commands ask for it."""

from training.data.corpus import Corpus


def repeats(entries: list[str]) -> dict[str, int]:
    """["an4=80"] -> {"an4": 80}."""
    return {name: int(count) for name, _, count in (entry.partition("=") for entry in entries)}


def training_texts(corpus: Corpus, repeat: dict[str, int]) -> list[str]:
    """Each recording once, not its copies through codecs."""
    chosen = [u for u in corpus.select("train") if u.text and not u.variant]
    return [u.text for u in chosen for _ in range(repeat.get(u.corpus, 1))]
