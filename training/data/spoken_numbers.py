"""Figures as one reads them aloud, where there is one way to: counts, ordinals, years, days, money, shares of a hundred."""

import re
from functools import cache
from itertools import pairwise

import inflect

MONTHS = set("January February March April May June July August September October November December".split())
SCALES = {"hundred", "thousand", "million", "billion", "trillion"}
# A number of four figures is a year after these, and nothing certain elsewhere.
BEFORE_YEARS = set("in since of by until from to before after during early late year and through between".split())
COUNT = r"\d{1,3}(?:,\d{3})+|\d{1,3}"
WORD = re.compile(r"(?P<before>[^\w$]*)(?P<figures>.*?)(?P<after>[^\w%]*)")
LEAST_WORDS = 3

engine = inflect.engine()


def say_figures(sentence: str) -> str | None:
    """The sentence with its figures in words; None where one is read in more than one way, or it is little but figures."""
    words = sentence.split()
    if not any(c.isdigit() for c in sentence):
        return sentence
    if len(words) < LEAST_WORDS or not words[0].isalpha() and words[0].endswith((".", ":", ")")):
        return None
    said = []
    for before, word, after in zip(["", *words], words, [*words[1:], ""]):
        spoken = say(before, word, after) if any(c.isdigit() for c in word) else word
        if spoken is None:
            return None
        said.append(spoken)
    return " ".join(place_dollars(said))


def say(before: str, word: str, after: str) -> str | None:
    """One word with figures in it; the others tell a year from a count and a day from either."""
    parts = WORD.fullmatch(word)
    figures, end = parts["figures"], parts["after"]
    month = before in MONTHS or bool(re.fullmatch(r"\d{1,2},", before))
    if found := re.fullmatch(rf"\$({COUNT}|\d{{1,3}}\.\d)", figures):
        scaled = bare(after) in SCALES and not end
        if "." in found[1] and not scaled:
            return None
        return cardinal(found[1]) + (" $" if scaled else " dollars") + end
    if found := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", figures):
        return ordinal(int(found[1])) + end
    if re.fullmatch(r"(1[1-9]|20)\d0s", figures):
        return re.sub("y$", "ie", year(int(figures[:4]))) + "s" + end
    if re.fullmatch(r"(1[1-9]|20)\d\d", figures):
        return year(int(figures)) + end if month or bare(before).lower() in BEFORE_YEARS else None
    if before in MONTHS and re.fullmatch(r"[1-9]|[12]\d|3[01]", figures):
        return ordinal(int(figures)) + end
    if found := re.fullmatch(rf"({COUNT}|\d{{1,3}}\.\d{{1,2}})(%|-[A-Za-z-]+)?", figures):
        unit = found[2] or ""
        return cardinal(found[1]) + (" percent" if unit == "%" else unit.replace("-", " ")) + end
    return None


def place_dollars(words: list[str]) -> list[str]:
    """`five $`, `million,` -> `five`, `million dollars,`."""
    for at, (word, scale) in enumerate(pairwise(words)):
        if word.endswith(" $"):
            words[at] = word.removesuffix(" $")
            words[at + 1] = re.sub(r"^(\w+)", r"\1 dollars", scale)
    return words


def bare(word: str) -> str:
    return word.strip(",.;:!?'\"()")


@cache
def cardinal(figures: str) -> str:
    return plain(engine.number_to_words(figures.replace(",", ""), andword=""))


@cache
def ordinal(number: int) -> str:
    return plain(engine.number_to_words(engine.ordinal(number), andword=""))


@cache
def year(number: int) -> str:
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return cardinal(str(number))
    if rest == 0:
        return f"{cardinal(str(century))} hundred"
    return f"{cardinal(str(century))} {'oh ' if rest < 10 else ''}{cardinal(str(rest))}"


def plain(words: str) -> str:
    return " ".join(words.replace(",", "").replace("-", " ").split())
