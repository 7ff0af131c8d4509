"""Plain numbers in written texts as they are spoken: whole numbers, years, ordinals, dollars, per cent.

Anything else with digits (times, decimals, ranges, numbers of parts, items of a list) stays and takes its sentence out.
"""

import re

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
ONES += ["seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
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
        spoken = year(value) if plain and 1100 <= value < 2100 else cardinal(value)
    spoken += f" {great}" if great else ""
    spoken += (" dollar" if value == 1 and not great else " dollars") if dollars else ""
    spoken += " percent" if ending == "%" else ""
    return spoken.capitalize() if BEGINS.search(before[-12:]) else spoken


def cardinal(value: int) -> str:
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{cardinal(value // size)} {name}" + (f" {cardinal(rest)}" if rest else "")
    if value < 20:
        return ONES[value]
    return TENS[value // 10] + (f" {ONES[value % 10]}" if value % 10 else "")


def year(value: int) -> str:
    """1905 as nineteen oh five, 1900 as nineteen hundred, 2005 as two thousand five."""
    century, rest = divmod(value, 100)
    if 2000 <= value < 2010:
        return cardinal(value)
    return f"{cardinal(century)} " + (cardinal(rest) if rest > 9 else f"oh {ONES[rest]}" if rest else "hundred")


def ordinal(value: int) -> str:
    *first, last = cardinal(value).split()
    last = IRREGULAR.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return " ".join([*first, last])
