"""The course on channel and spatial attention that grades itself."""


def load_ipython_extension(shell) -> None:
    """`%load_ext autograder`: the magics %check and %progress."""
    from .magics import load

    load(shell)
