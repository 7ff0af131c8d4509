import re
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = sorted(f.parent.name for f in ROOT.glob("*/__init__.py") if f.parent.name != "tests")


def imports() -> dict[str, set[str]]:
    """Which rooms each room imports from; a room's command (`__main__.py`) may compose what it likes."""
    arrows = {room: set() for room in ROOMS}
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            if file.name != "__main__.py":
                arrows[room] |= set(re.findall(r"^\s*from training\.(\w+)", file.read_text(), re.MULTILINE))
        arrows[room] = (arrows[room] & set(ROOMS)) - {room}
    return arrows


class TheRooms(unittest.TestCase):
    def test_import_one_another_in_one_direction_only(self):
        left = imports()
        self.assertIn("units", left["data"])  # something is read at all
        while free := [room for room, goals in left.items() if not goals & left.keys()]:
            for room in free:
                del left[room]
        self.assertEqual(left, {}, "rooms in a ring")


if __name__ == "__main__":
    unittest.main()
