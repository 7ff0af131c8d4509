"""Sentences for synthetic speech: digits, numbers, spelled names, dates, commands and words of the training texts."""

import random as python_random
from collections.abc import Callable, Iterator

DIGITS = "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE".split()
TEENS = "TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN".split()
TENS = "TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY".split()
ORDINALS = (
    "FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH "
    "FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH TWENTIETH THIRTIETH"
).split()
MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split()
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY".split()
COMMANDS = "YES NO GO STOP START HELP REPEAT ERASE RUBOUT ENTER QUIT CANCEL PAUSE CONTINUE OPEN CLOSE".split()
WITH_NUMBER = "ENTER ERASE REPEAT RUBOUT CALL".split()
BETWEEN_LETTERS = "APOSTROPHE HYPHEN DASH SPACE DOUBLE".split()
LETTERS = [chr(c) for c in range(ord("A"), ord("Z") + 1)]

Random = python_random.Random


def digits(r: Random) -> str:
    zero = r.choice(["ZERO", "OH"])
    text = " ".join(zero if d == "ZERO" else d for d in r.choices(DIGITS, k=r.randint(1, 10)))
    return f"AREA CODE {text}" if r.random() < 0.1 else text


def below_100(r: Random) -> str:
    return r.choice(
        [r.choice(DIGITS[1:]), r.choice(TEENS), r.choice(TENS), f"{r.choice(TENS)} {r.choice(DIGITS[1:])}"]
    )


def hundreds(r: Random) -> str:
    """Below 1,000, and what people call so: FORTY NINE HUNDRED."""
    count = r.choice(DIGITS[1:]) if r.random() < 0.8 else below_100(r)
    rest = "" if r.random() < 0.2 else f" {r.choice(['', 'AND '])}{below_100(r)}"
    return f"{count} HUNDRED{rest}"


def number(r: Random) -> str:
    draw = r.random()
    if draw < 0.25:
        return hundreds(r)
    if draw < 0.4:
        rest = r.choice(["", hundreds(r), hundreds(r), below_100(r), f"AND {below_100(r)}"])
        return f"{below_100(r)} THOUSAND {rest}"
    if draw < 0.45:
        return f"{below_100(r)} AND A {r.choice(['HALF', 'QUARTER'])}"
    return " ".join([below_100(r), *(r.choice(TENS) for _ in range(r.choice([0, 0, 1, 1])))])


def spelled(r: Random) -> str:
    letters = r.choices(LETTERS, k=r.randint(2, 8))
    if r.random() < 0.1:
        letters.insert(r.randint(1, len(letters) - 1), r.choice(BETWEEN_LETTERS))
    return " ".join(letters)


def letters_and_digits(r: Random) -> str:
    return f"{' '.join(r.choices(LETTERS, k=r.randint(2, 5)))} {number(r)}"


def day(r: Random) -> str:
    return r.choice(ORDINALS) if r.random() < 0.6 else f"{r.choice(['TWENTY', 'THIRTY'])} {r.choice(ORDINALS[:9])}"


def year(r: Random) -> str:
    return f"{r.choice(['NINETEEN', 'TWENTY'])} {r.choice(TENS)}{r.choice(['', ' ' + r.choice(DIGITS[1:])])}"


def date(r: Random) -> str:
    """With little around it in one of three: a month must be heard, not guessed from what it stands among."""
    month, draw = r.choice(MONTHS), r.random()
    if draw < 0.2:
        return r.choice([month, f"{month} {year(r)}", f"IN {month}"])
    if draw < 0.35:
        return r.choice([f"{month} {day(r)}", f"THE {day(r)} OF {month}", f"{month} {r.choice(TEENS)}"])
    text = f"{month} {day(r)} {year(r)}"
    return f"{r.choice(DAYS)} {text}" if r.random() < 0.2 else text


def command(r: Random) -> str:
    if r.random() < 0.5:
        return r.choice(COMMANDS)
    return f"{r.choice(WITH_NUMBER)} {r.choice([digits, number, letters_and_digits])(r)}"


KINDS: list[tuple[Callable[[Random], str], int]] = [
    (digits, 3),
    (number, 2),
    (spelled, 3),
    (letters_and_digits, 2),
    (date, 4),
    (command, 4),
]


def sentences(texts: list[str], seed: int) -> Iterator[tuple[str, bool]]:
    """Endless; the flag tells that single letters are names of letters. `texts` are sentences of the training part."""
    r = Random(seed)
    words = sorted({word for text in texts for word in text.split() if len(word) > 1})
    makers, weights = zip(*KINDS)
    while True:
        draw = r.random()
        if draw < 0.65 or not texts:
            yield " ".join(r.choices(makers, weights)[0](r).split()), True
        elif draw < 0.75:
            yield " ".join(r.choices(words, k=r.randint(1, 5))), False
        else:
            yield r.choice(texts), False
