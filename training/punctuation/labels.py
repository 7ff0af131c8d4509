"""A written paragraph as lower-case words with two labels each: its case, and the mark that follows it.

Words are letters and apostrophes; hyphens split them. Quotes and brackets are dropped. Dots of abbreviations and initials
are no full stops. Plain numbers are spelled. Sentences with other digits, addresses or code, in capitals throughout, or with no mark at a paragraph's end
(headings) are left out.
"""

import re
from dataclasses import dataclass, field

from training.punctuation.numbers import spell_numbers

LOWER, TITLE, UPPER, LISTED = range(4)
NONE, COMMA, STOP, QUESTION, EXCLAMATION, COLON, SEMICOLON, DASH = range(8)
MARKS = ("", ",", ".", "?", "!", ":", ";", "—")
SENTENCE_ENDS = (STOP, QUESTION, EXCLAMATION)

WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
FOREIGN = re.compile(r"[0-9@\\<>{}=#~^|/+%]|_\w")
DASHES = re.compile(r"--|—|\s-\s")
LAST_END = re.compile(r".*[.?!]")
ELLIPSIS = re.compile(r"\.\s?\.")
ORDER = (("?", QUESTION), ("!", EXCLAMATION), (".", STOP), (";", SEMICOLON), (":", COLON))
# As they are spoken; every second one is written so, since recognisers differ.
SPOKEN = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint"}
TITLES = frozenset("mr mrs ms dr st messrs mme mlle gen col capt lieut lt sgt maj prof hon rev sen rep gov pres supt vs viz".split())
ENDINGS = frozenset("jr sr esq etc inc co corp ltd dept ave blvd".split())  # a full stop too, where a sentence follows


@dataclass
class Labelled:
    """Parallel lists over words; `surfaces` are the words as written."""

    words: list[str] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    surfaces: list[str] = field(default_factory=list)


class Labeller:
    """Remembers what it found for a word and for what stands between words: both come again and again."""

    def __init__(self):
        self.marks: dict[str, tuple[int, bool]] = {}
        self.cases: dict[str, tuple[str, int]] = {}
        self.spoken_next = False

    def __call__(self, paragraph: str) -> Labelled:
        paragraph = spell_numbers(paragraph)
        out, sentence, foreign = Labelled(), Labelled(), False
        found = list(WORD.finditer(paragraph))
        ends = [m.end() for m in found]
        starts = [m.start() for m in found[1:]] + [len(paragraph)]
        if found and FOREIGN.search(paragraph[: found[0].start()]):
            foreign = True
        last = len(found) - 1
        for at, match in enumerate(found):
            surface = match.group()
            word, case = self.case(surface)
            after = paragraph[ends[at] : starts[at]]
            mark, strange = self.mark(after)
            if strange and after == "." and self._dotted(found, at):
                strange = False
                mark = NONE if at < last else STOP
            elif mark == STOP and at < last:
                mark = self._stop(word, case, after, found[at + 1].group())
            if case == TITLE and word in SPOKEN and after.startswith("."):
                self.spoken_next = not self.spoken_next
                word = SPOKEN[word] if self.spoken_next else word
            sentence.words.append(word)
            sentence.cases.append(case)
            sentence.marks.append(mark)
            sentence.surfaces.append(surface)
            foreign = foreign or strange
            if mark in SENTENCE_ENDS or at == last:
                if not foreign and mark != NONE and not shouted(sentence.cases):
                    for name in ("words", "cases", "marks", "surfaces"):
                        getattr(out, name).extend(getattr(sentence, name))
                sentence = Labelled()
                foreign = strange and (after == "." or bool(FOREIGN.search(LAST_END.sub("", after, count=1))))
        return out

    def case(self, surface: str) -> tuple[str, int]:
        """The lower-case word and its case; LISTED is any mixture."""
        known = self.cases.get(surface)
        if known is None:
            known = self.cases[surface] = (surface.lower(), case_of(surface))
        return known

    def mark(self, after: str) -> tuple[int, bool]:
        """The mark in what follows a word, and whether something there has no place in a sentence."""
        known = self.marks.get(after)
        if known is None:
            known = self.marks[after] = (mark_of(after), bool(FOREIGN.search(after)) or after in (".", ":", "_"))
            if after.strip("\"')]") in ("!", "?", ";") and not after[-1].isspace():
                known = self.marks[after] = (known[0], False)
        return known

    def _dotted(self, found: list[re.Match], at: int) -> bool:
        """Within U.S. or a.m.; at the paragraph's end any full stop."""
        if at == len(found) - 1:
            return True
        return len(found[at].group()) == 1 and len(found[at + 1].group()) == 1

    def _stop(self, word: str, case: int, after: str, following: str) -> int:
        """STOP, or what remains where the dot is an abbreviation's."""
        abbreviated = word in TITLES and case == TITLE
        abbreviated = abbreviated or (len(word) == 1 and word != "i")
        abbreviated = abbreviated or (word in ENDINGS and following[0].islower())
        return mark_of(after[1:]) if abbreviated and after[0] == "." else STOP


def case_of(surface: str) -> int:
    letters = surface.replace("'", "")
    if surface.islower():
        return LOWER
    if surface[0].isupper() and (len(letters) == 1 or surface[1:].islower()):
        return TITLE
    return UPPER if letters.isupper() else LISTED


def mark_of(after: str) -> int:
    if ELLIPSIS.search(after):
        return STOP if "?" not in after else QUESTION
    for character, mark in ORDER:
        if character in after:
            return mark
    if "," in after:
        return COMMA
    return DASH if DASHES.search(after) else NONE


def shouted(cases: list[int]) -> bool:
    return len(cases) > 1 and 2 * cases.count(UPPER) > len(cases)
