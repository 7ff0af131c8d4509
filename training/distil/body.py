"""python -m training.distil.body --body STUDENT --output FILE [--config FILE] — what a student is apart from its feed-forwards.

Arms of a comparison share it and learn the rest anew: `training.distil --init FILE`.
"""

import argparse
from pathlib import Path

import torch

from training import checkpoint
from training.config import Config, add_arguments, from_arguments
from training.distil.student import Student
from training.distil.teacher import Teacher

FEED_FORWARD = "feed_forward"  # in the names of all of encoder's and decoders'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--body", type=Path, required=True, help="a run's last.pt")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    save_init(from_arguments(arguments), arguments.body, arguments.output)


def save_init(config: Config, body: Path, path: Path) -> None:
    """The student of `config` with random feed-forwards and all else of `body`'s. Raises RuntimeError where the two differ in more."""
    torch.manual_seed(config.seed)
    student = Student(config.model, Teacher(Path(config.distil.teacher)))
    own = {name: x for name, x in student.state_dict().items() if FEED_FORWARD in name}
    shared = {name: x for name, x in checkpoint.load(body)["student"].items() if FEED_FORWARD not in name}
    student.load_state_dict(own | shared)
    checkpoint.save(path, {"student": student.state_dict()})


if __name__ == "__main__":
    main()
