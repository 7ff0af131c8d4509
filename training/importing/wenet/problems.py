"""Everything that stands in the way of an import, told at once."""


class UnsupportedError(ValueError):
    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("this checkpoint cannot be imported:\n" + "\n".join(f"- {p}" for p in problems))
