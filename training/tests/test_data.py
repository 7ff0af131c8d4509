import json
import re
import tempfile
import unittest
from argparse import ArgumentTypeError
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from training.config import AugmentConfig, ConfigError, load_config
from training.data.assemble import labels, waveforms
from training.data.batches import BatchPlan
from training.data.corpus import Corpus
from training.data.on_device import DeviceAudio
from training.data.speed import read_at
from training.data.reading import reading_sentences
from training.data.sentences import (
    COMMANDS,
    DAYS,
    LETTERS,
    MONTHS,
    ORDINALS,
    TEENS,
    TENS,
    sentences,
)
from training.data.prepare import prepare, read_sources
from training.data.synthesise import command, plan_reading, voice_named
from training.tests.support import UNITS, make_corpus, tiny_config
from training.units.phones import Lexicon, pronounce, read_lexicon, sounds, write_lexicon


class PreparedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = Path(cls.temporary.name)
        cls.config = tiny_config(folder / "data", make_corpus(folder / "corpus"))
        prepare(cls.config, workers=1)
        cls.corpus = Corpus(folder / "data")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_held_out_speakers_are_never_trained_on(self):
        parts = {part: {u.speaker for u in self.corpus.select(part)} for part in ("train", "dev")}
        self.assertEqual(parts, {"train": {"s1", "s2", "s3"}, "dev": {"s0"}})
        manifest = (Path(self.config.data.folder) / "tones-dev.tsv").read_text().splitlines()
        self.assertEqual(len(manifest), 1 + 3)

    def test_copies_through_a_codec_keep_their_lengths(self):
        train = self.corpus.select("train")
        lengths = {v: [u.samples for u in train if u.variant == v] for v in ("", "opus")}
        self.assertEqual(lengths[""], lengths["opus"])

    def test_statistics_normalise_the_features(self):
        cmvn = json.loads((Path(self.config.data.folder) / "cmvn.json").read_text())
        self.assertEqual((len(cmvn["mean"]), min(cmvn["istd"]) > 0), (80, True))

    def test_an_epoch_is_the_same_again_and_another_one_is_not(self):
        plan = BatchPlan(self.corpus.select("train"), self.config, UNITS)
        self.assertEqual(plan.epoch(3), plan.epoch(3))
        self.assertNotEqual(plan.epoch(3), plan.epoch(4))

    def test_every_utterance_is_drawn_and_no_batch_is_too_large(self):
        plan = BatchPlan(self.corpus.select("train"), self.config, UNITS)
        batches = plan.epoch(0)
        drawn = [p.utterance for batch in batches for row in batch for p in row.pieces]
        self.assertEqual(sorted(u.offset for u in drawn), sorted(u.offset for u in plan.utterances))
        for batch in batches:
            padded = max(row.samples for row in batch) * len(batch)
            self.assertTrue(padded <= self.config.train.batch_seconds * 16000 or len(batch) == 1)

    def test_utterances_stand_where_the_row_says(self):
        rows = BatchPlan(self.corpus.select("train"), self.config, UNITS).epoch(1)[0]
        quiet = AugmentConfig(gap_noise=0.0)
        said, size = labels(rows, UNITS), max(row.samples for row in rows)
        heard = waveforms(rows, self.corpus, quiet, [1], size)
        for row, samples, ids, count in zip(rows, heard, said.tokens, said.token_lens):
            self.assertEqual(UNITS.decode(ids[:count]), row.text)
            at = 0
            for piece in row.pieces:
                self.assertFalse(samples[at : at + piece.silence].any())
                at += piece.silence
                expected = self.corpus.samples(piece.utterance)
                self.assertTrue(np.array_equal(samples[at : at + len(expected)], expected))
                at += len(expected)

    def test_cut_out_on_the_device_they_are_the_same(self):
        rows = BatchPlan(self.corpus.select("train"), self.config, UNITS).epoch(1)[0]
        quiet, size = AugmentConfig(gap_noise=0.0), max(row.samples for row in rows) + 77
        cut = DeviceAudio(self.corpus, torch.device("cpu")).cut(rows, size, quiet, torch.Generator())
        self.assertTrue(np.array_equal(cut.numpy() * 32768, waveforms(rows, self.corpus, quiet, [1], size)))

    def test_at_another_speed_both_read_the_same_places(self):
        config = replace(self.config, data=replace(self.config.data, speeds=(0.8, 1.25)))
        rows = BatchPlan(self.corpus.select("train"), config, UNITS).epoch(1)[0]
        self.assertTrue(all(row.pieces[0].speed != 1 for row in rows))
        quiet, size = AugmentConfig(gap_noise=0.0), max(row.samples for row in rows)
        cut = DeviceAudio(self.corpus, torch.device("cpu")).cut(rows, size, quiet, torch.Generator())
        heard = waveforms(rows, self.corpus, quiet, [1], size)
        self.assertLessEqual(np.abs(cut.numpy() * 32768 - heard).max(), 0.51)  # one rounds to whole numbers

    def test_read_between_its_samples_a_tone_has_another_pitch(self):
        tone = torch.sin(torch.arange(8000) * 0.1).mul(10_000).short()
        found = read_at(tone, torch.arange(6000, dtype=torch.float64) * 1.3)
        expected = torch.sin(torch.arange(6000) * 0.13) * 10_000
        self.assertLess((found - expected).abs().max().item(), 5)

    def test_beyond_its_borders_the_last_sample_is_read(self):
        samples = torch.tensor([9, 5, 7, 9], dtype=torch.int16)
        self.assertEqual(read_at(samples, torch.tensor([1.0, 2.0]), 1, 2).tolist(), [5.0, 7.0])

    def test_noise_of_the_device_stands_in_silences_alone(self):
        plan = BatchPlan(self.corpus.select("train"), self.config, UNITS)
        rows = next(b for b in plan.epoch(0) if any(p.silence for row in b for p in row.pieces))
        loud = AugmentConfig(gap_noise=1.0, gap_noise_db=(-20.0, -20.0))
        size = max(row.samples for row in rows) + 77
        cut = DeviceAudio(self.corpus, torch.device("cpu")).cut(rows, size, loud, torch.Generator().manual_seed(1))
        for row, samples in zip(rows, cut):
            at = 0
            for piece in row.pieces:
                if piece.silence > 100:
                    self.assertAlmostEqual(samples[at : at + piece.silence].std().item(), 0.1, delta=0.03)
                at += piece.silence
                expected = torch.from_numpy(self.corpus.samples(piece.utterance) / 32768).float()
                self.assertTrue(torch.equal(samples[at : at + len(expected)], expected))
                at += len(expected)
            self.assertFalse(samples[row.samples :].any())

    def test_batches_of_fixed_shapes_lose_no_utterance(self):
        config = replace(self.config, train=replace(self.config.train, shapes=[2.0, 17.0], batch_seconds=8.0))
        plan = BatchPlan(self.corpus.select("train"), config, UNITS)
        batches = plan.epoch(0)
        shapes = {(len(batch), plan.size_of(batch)) for batch in batches}
        self.assertTrue(shapes <= {(4, 32_000), (1, 272_000)}, shapes)
        drawn = {p.utterance.offset for batch in batches for row in batch for p in row.pieces}
        self.assertEqual(drawn, {u.offset for u in plan.utterances})

    def test_a_row_that_no_shape_can_hold_is_refused_beforehand(self):
        config = replace(self.config, train=replace(self.config.train, shapes=[2.0]))
        with self.assertRaisesRegex(ValueError, "train.shapes"):
            BatchPlan(self.corpus.select("train"), config, UNITS)

    def test_unknown_dev_speakers_are_refused(self):
        corpus = self.config.data.corpora["tones"]
        corpus.dev_speakers.append("nobody")
        try:
            with self.assertRaisesRegex(ValueError, "nobody"):
                list(read_sources("tones", corpus))
        finally:
            corpus.dev_speakers.remove("nobody")


class SentencesTest(unittest.TestCase):
    def test_are_made_of_known_units_and_repeat_with_the_seed(self):
        def first(n):
            source = sentences(["HELLO THERE", "GOOD DAY TO YOU"], seed=1)
            return [next(source) for _ in range(n)]

        self.assertEqual(first(200), first(200))
        unknown = UNITS.ids["<unk>"]
        self.assertTrue(all(unknown not in UNITS.encode(text) and text for text, _ in first(200)))

    def test_say_every_word_often_that_recordings_of_the_training_part_may_lack(self):
        counts = Counter(word for text, _ in islice(sentences([], seed=1), 3000) for word in text.split())
        words = [*MONTHS, *DAYS, *ORDINALS, *TEENS, *TENS, *COMMANDS, *LETTERS]
        rare = {word: counts[word] for word in [*words, "THOUSAND", "HUNDRED", "HALF", "AREA"] if counts[word] < 8}
        self.assertEqual(rare, {})


class ReadingTest(unittest.TestCase):
    TEXT = """_Mr. Bennet_ was so odd a mixture of quick parts; the business of her
        life was to get her daughters married. In 1813 he came.

        Chapter XVII began with nothing else. Short one. She said to J that it was late."""

    def test_whole_clauses_of_plain_words(self):
        self.assertEqual(
            sorted(reading_sentences([self.TEXT], [], 1)),
            [
                "Mister Bennet was so odd a mixture of quick parts;",
                "the business of her life was to get her daughters married.",
            ],
        )

    def test_the_order_follows_from_the_seed(self):
        text = "\n\n".join(f"The {word.lower()} of them all came in." for word in ORDINALS)
        first, again, other = (list(reading_sentences([text], [], seed)) for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertEqual((first == other, sorted(first)), (False, sorted(other)))

    def test_what_held_out_recordings_say_is_left_out(self):
        held_out = ["THE BUSINESS OF HER LIFE WAS LONG"]
        self.assertEqual(len(list(reading_sentences([self.TEXT], held_out, 1))), 1)


class SpokenSentencesTest(unittest.TestCase):
    def test_a_sentence_is_said_as_it_is_written_and_trained_on_as_units_spell_it(self):
        jobs = list(plan_reading(["Oh, said Mister Darcy, no."] * 200, Path("out"), 1))
        said = {(job.said, job.text) for job in jobs}
        self.assertEqual(said, {("Oh, said Mister Darcy, no.", "OH SAID MISTER DARCY NO")})
        self.assertGreater(len({job.voice for job in jobs}), 50)
        pitched = [job for job in jobs if job.pitch]
        self.assertEqual({job.engine for job in pitched}, {"flite"})
        self.assertIn(f"int_f0_target_mean={pitched[0].pitch}", command(pitched[0], Path("a.wav")))

    def test_chosen_voices_are_heard_as_often_and_no_others(self):
        voices = ["festival:cmu_us_slt_arctic_hts", "festival:kal_diphone", "flite:awb"]
        chosen = [voice_named(voice) for voice in voices]
        jobs = list(plan_reading(["Oh, said Mister Darcy, no."] * 300, Path("out"), 1, chosen))
        heard = Counter(f"{job.engine}:{job.voice}" for job in jobs)
        self.assertEqual(set(heard), set(voices))
        self.assertGreater(min(heard.values()), 75)

    def test_a_voice_that_nobody_has_is_refused_with_those_there_are(self):
        self.assertEqual(voice_named("espeak:en-gb+f3"), ("espeak", "en-gb+f3"))
        for wrong in ("festival:slt", "kal_diphone", "mbrola:us1", "flite:awb+f3"):
            with self.assertRaisesRegex(ArgumentTypeError, f"{re.escape(wrong)} is none of .*festival:kal_diphone"):
                voice_named(wrong)


class PhonesTest(unittest.TestCase):
    def test_stress_and_variants_of_a_sound_are_dropped(self):
        self.assertEqual(sounds("a#_p_'0_s_@L"), ["a", "p", "0", "s", "@L"])
        self.assertEqual(sounds("r_,oU_m_@_n__ s_'E_v"), ["r", "oU", "m", "@", "n", "s", "E", "v"])

    def test_espeak_says_how_each_word_sounds(self):
        lexicon = pronounce(["GO ON", "MISTER QUILTER'S APOSTLE GO"])
        self.assertEqual(sorted(lexicon.words), ["APOSTLE", "GO", "MISTER", "ON", "QUILTER'S"])
        self.assertEqual(lexicon.words["GO"], ["g", "oU"])
        self.assertEqual(lexicon.words["QUILTER'S"][:3], ["k", "w", "I"])

    def test_a_lexicon_is_read_as_it_was_written(self):
        lexicon = Lexicon({"GO": ["g", "oU"], "NO": ["n", "oU"]})
        with tempfile.TemporaryDirectory() as folder:
            write_lexicon(lexicon, Path(folder))
            again = read_lexicon(Path(folder))
        self.assertEqual((len(again), again.encode("NO GO UNKNOWN")), (4, [2, 3, 1, 3]))


class ConfigTest(unittest.TestCase):
    def test_later_files_and_settings_override(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "a.yaml"
            file.write_text("model: {encoder: {layers: 3}}\ndata: {corpora: {x: {folder: y}}}")
            config = load_config(
                [file], ["model.encoder.size=64", "augment.gain_db=[-3, 3]", "data.corpora.x.weight=2"]
            )
        self.assertEqual((config.model.encoder.layers, config.model.encoder.size), (3, 64))
        self.assertEqual((config.augment.gain_db, config.data.corpora["x"].weight), ((-3.0, 3.0), 2.0))

    def test_unknown_keys_are_named(self):
        with self.assertRaisesRegex(ConfigError, "model.encoder.sise"):
            load_config([], ["model.encoder.sise=64"])


if __name__ == "__main__":
    unittest.main()
