"""One line of progress with the time that is left, at most every few seconds."""

import sys
import time


class Progress:
    def __init__(self, label: str, total: int, start: int = 0, every_seconds: float = 10.0):
        self.label, self.total, self.done, self.first = label, total, start, start
        self.every_seconds, self.began, self.printed = every_seconds, time.monotonic(), 0.0

    def step(self, facts: str = "") -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.printed < self.every_seconds and self.done < self.total:
            return
        self.printed = now
        line = f"{self.label} {self.done}/{self.total}, {duration(self.seconds_left())} left"
        print(f"{line}{', ' if facts else ''}{facts}", file=sys.stderr, flush=True)

    def seconds_left(self) -> float:
        rate = (time.monotonic() - self.began) / max(self.done - self.first, 1)
        return rate * (self.total - self.done)


def duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
