import tempfile
import unittest
from pathlib import Path

from training.measure.peer_whisper import folder_of, model_folder, run


class PeerWhisperTest(unittest.TestCase):
    def test_a_model_in_parts_is_put_together_once(self):
        with tempfile.TemporaryDirectory() as temporary:
            first, second, joined = (Path(temporary) / name for name in ("first", "second", "joined"))
            for folder, files in ((first, {"a.part1": "one ", "config.json": "{}"}), (second, {"a.part2": "two"})):
                folder.mkdir()
                for name, text in files.items():
                    (folder / name).write_text(text)
            for _ in range(2):
                self.assertEqual(model_folder([first, second], ["a.part1", "a.part2"], joined), joined)
                self.assertEqual((joined / "model.bin").read_text(), "one two")
                (second / "a.part2").write_text("another")
            self.assertEqual(sorted(f.name for f in joined.iterdir()), ["config.json", "model.bin"])

    def test_a_model_in_one_package_is_taken_from_there(self):
        self.assertEqual(model_folder([Path("/somewhere")], ["model.bin"], Path("/elsewhere")), Path("/somewhere"))

    def test_names_a_package_that_is_missing(self):
        with self.assertRaises(SystemExit) as stopped:
            folder_of("no_such_package_of_models")
        self.assertIn("no_such_package_of_models is not installed", str(stopped.exception))

    def test_texts_come_in_the_order_of_the_parts_with_the_time_they_took(self):
        class Segment:
            def __init__(self, text: str):
                self.text = text

        class Model:
            def transcribe(self, path: str, language: str, beam_size: int):
                self.asked = (language, beam_size)
                return (Segment(text) for text in (f" {path} said.", " More. ")), None

        model = Model()
        answer = run(model, [{"path": "b"}, {"path": "a"}])
        self.assertEqual(answer["texts"], ["b said. More.", "a said. More."])
        self.assertEqual(model.asked, ("en", 5))
        self.assertGreater(answer["seconds"], 0)
        self.assertGreaterEqual(answer["cpu_seconds"], 0)


if __name__ == "__main__":
    unittest.main()
