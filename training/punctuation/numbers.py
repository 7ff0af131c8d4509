"""Plain numbers in written texts as they are spoken: whole numbers, years, ordinals, dollars, per cent.

Anything else with digits (times, decimals, ranges, numbers of parts, items of a list) stays and takes its sentence out.
"""

import re

from training.data.spoken_numbers import cardinal, ordinal, year

GREAT = "hundred thousand million billion trillion".split()
NUMBER = re.compile(
    r"(?<![\w.,:/$%#'-])(\$?)(\d{1,3}(?:,\d{3}){1,2}|\d{1,4})(st|nd|rd|th|%)?(?![\w:/$%#(]|-\d|[.,]\d)"
    rf"(?: ({'|'.join(GREAT)})\b)?"
)
BEGINS = re.compile(r"(?:^|[.?!]['\")]*\s)\W*$")  # what stands before a sentence's first word
COUNTED = {"No": "Number", "Nos": "Numbers", "Sec": "Section", "Fig": "Figure", "Art": "Article", "Vol": "Volume", "Ch": "Chapter"}
SHORTENED = re.compile(rf"\b({'|'.join(COUNTED)})\. ?(?=\d)")


def spell_numbers(text: str) -> str:
    if not any(c.isdigit() for c in text):
        return text
    return NUMBER.sub(_spoken, SHORTENED.sub(lambda match: f"{COUNTED[match.group(1)]} ", text))


def _spoken(match: re.Match) -> str:
    text, (dollars, digits, ending, great) = match.string, match.groups()
    before, after = text[: match.start()], text[match.end() : match.end() + 1]
    item = (before.endswith("(") and after == ")") or (not before.strip() and after in (".", ")", ""))
    value = int(digits.replace(",", ""))
    if item or digits[0] == "0" and value or (ending and ending != "%" and value > 99):
        return match.group()
    if ending and ending != "%":
        spoken = ordinal(value)
    else:
        plain = not dollars and not ending and not great and "," not in digits
        spoken = year(value) if plain and 1100 <= value < 2100 else cardinal(str(value))
    spoken += f" {great}" if great else ""
    spoken += (" dollar" if value == 1 and not great else " dollars") if dollars else ""
    spoken += " percent" if ending == "%" else ""
    return spoken.capitalize() if BEGINS.search(before[-12:]) else spoken
