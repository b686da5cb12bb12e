"""What a submission is refused with."""


class Unreadable(Exception):
    """The submission cannot be graded; the message says to the student what is wrong and what to do."""
