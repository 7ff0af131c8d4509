import unittest

from training.punctuation.labels import MARKS, Labeller
from training.punctuation.numbers import spell_numbers


def labelled(paragraph: str) -> str:
    """Words with what they would be written as."""
    found = Labeller()(paragraph)
    shown = (str.lower, str.capitalize, str.upper, lambda word: f"<{word}>")
    return " ".join(shown[c](w) + MARKS[m] for w, c, m in zip(found.words, found.cases, found.marks))

class LabelsTest(unittest.TestCase):
    def test_marks_and_cases_are_read_off_written_text(self):
        for written, expected in {
            '"I don\'t know," said Tom; "it isn\'t here -- yet."': "I don't know, said Tom; it isn't here— yet.",
            "Who (or what) is NASA?": "Who or what is NASA?",
            "He left... Then O'Brien came!": "He left. Then <o'brien> came!",
            "Well-known men: all of them. . . gone.": "Well known men: all of them. gone.",
        }.items():
            self.assertEqual(labelled(written), expected)

    def test_dots_of_abbreviations_and_initials_are_no_full_stops(self):
        self.assertEqual(labelled("I met Messrs. J. B. Smith etc. in the U.S. Army."), "I met Messrs J B Smith etc in the U S Army.")
        self.assertEqual(labelled("We live in the U.S."), "We live in the U S.")

    def test_every_second_title_is_written_as_it_is_spoken(self):
        self.assertEqual(labelled("Mr. Fox met Mrs. Hen."), "Mister Fox met Mrs Hen.")

    def test_what_is_no_sentence_of_words_is_left_out(self):
        self.assertEqual(labelled("It was bad. He paid $5.20 for it. So he left. See www.foo.com now. Yes."), "It was bad. So he left. Yes.")
        self.assertEqual(labelled("CHAPTER ONE. It began. A heading"), "It began.")


class NumbersTest(unittest.TestCase):
    def test_plain_numbers_are_spelled_as_they_are_spoken(self):
        for written, spoken in {
            "In 1945 we had 25 men, 1,200 ships.": "In nineteen forty five we had twenty five men, one thousand two hundred ships.",
            "It was $1. 20 men left.": "It was one dollar. Twenty men left.",
            "5% of $3 million": "Five percent of three million dollars",
            "the 21st of May, 1905, or 1900, or 2005": "the twenty first of May, nineteen oh five, or nineteen hundred, or two thousand five",
            "See Sec. 12 and No. 8, the 30th.": "See Section twelve and Number eight, the thirtieth.",
        }.items():
            self.assertEqual(spell_numbers(written), spoken)

    def test_times_decimals_ranges_and_list_items_stay(self):
        for text in ("At 5:30 we left.", "3.5 per cent", "1941-45", "1. Do it.", "either (1) or (2)", "A-19", "the 112th", "007"):
            self.assertEqual(spell_numbers(text), text)


if __name__ == "__main__":
    unittest.main()
