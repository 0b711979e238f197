"""What is wrong with a line."""


class QueryError(Exception):
    """The line is not a query."""

    def __init__(self, position: int, problem: str, *, unfinished: bool = False) -> None:
        super().__init__(problem)
        self.position = position
        """Index of the character where the problem begins; the length of the line where something is missing."""
        self.problem = problem
        """What is wrong and what would be right, in one or two short sentences."""
        self.unfinished = unfinished
        """Whether it may come right by typing on at the end of the line: nothing to be alarmed about yet."""
