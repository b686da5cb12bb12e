"""An exception of a student's function as a sentence to the student, with advice where the error is a common one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar

# What the course at hand grades with beside Python's own library. Threads may grade for different courses.
_packages: ContextVar[tuple[str, ...]] = ContextVar("packages", default=())
_OTHER_PACKAGE = ("not there at grading", "No module named")

# Terminal codes, and the places in TensorFlow's own code that its messages name.
_NOISE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\{\{.*?\}\}|\[Op:\w+\]|\bname: |Arguments received by.*"
    r"|Exception encountered when .*?\.call\(\)\."
)
_LONGEST = 240

_SHAPES = "Write both shapes below each other, from the right: missing axes have to be put in by hand."

_INNER_SIZES = "In a matrix product the inner sizes must agree: write the shape beside each factor."
_GIVEN = "Keep the arguments, their names and their default values, as the exercise gives them."
_OF_EVERY_LAYER = "Every layer takes this: the constructor has to take it too, and hand it on to the parent."

# The first pattern that the error matches gives the advice.
ADVICE = (
    ("does not support input requests", "At grading nobody is there to type: do without input()."),
    ("incomplete input", "Is a bracket or a quotation mark left open?"),
    ("inconsistent use of tabs", "Indent with spaces alone."),
    ("core dimension|Matrix size-incompatible|must be equal.*MatMul", _INNER_SIZES),
    ("broadcast together|annot broadcast|ncompatible shapes|Dimensions must be equal", _SHAPES),
    (
        "annot reshape|nput to reshape|must be unchanged",
        "A reshape keeps the number of values: take every size from the shape of the input.",
    ),
    ("as a data type", "The second argument is neither a size nor an axis: several of them go into one tuple."),
    ("'list' object cannot be interpreted as an integer", "Several axes go into a tuple, not into a list."),
    ("integer scalar arrays", "The arrays to be joined go into one list or tuple."),
    ("object too deep", "This works on one row of numbers: go through the images one by one."),
    ("axes don't match", "Name every axis of the array, that of the batch too."),
    ("'list' and 'int'", "A list does not calculate as an array does: go through its entries one by one."),
    (
        "A KerasTensor|Cannot convert a symbolic",
        "Inside a Keras block only Keras layers and keras.ops can work: NumPy and tf need numbers.",
    ),
    ("_keras_shape", "This is from an older Keras: a KerasTensor has a shape."),
    ("times in the model", "A layer with a fixed name can be in a model only once."),
    ("too many positional arguments", "A layer that joins several inputs takes them as one list."),
    ("does not have a `call` method", "A layer computes in its method named call."),
    ("<kerastensor", "A layer is first made, from its settings, and then called on the tensor."),
    (
        "Only input tensors may be passed|convert elements of <",
        "Only tensors go into a layer: is another layer made, but not called?",
    ),
    ("Depth of input", "The map and the kernel have different numbers of channels: write down both shapes."),
    ("only supports the NHWC", "Here a convolution works on maps whose channels are the last axis, and on no others."),
    ("ndim=", "The layer expects another number of axes: write down the shape that goes in."),
    ("incompatible with the layer", "Were the layers made for another input? Make them inside the function."),
    ("`units`", "The number of units must be a whole number, and at least 1."),
    ("new elements of state", "A layer that is made while another one is called does not belong to it."),
    ("not connected to `inputs`", "The result has to be computed from the x that the function is given."),
    ("is not defined", "Nothing in the notebook has this name: is a cell above missing, or the name misspelt?"),
    ("required positional argument", "A call leaves out what the function needs: give it all of its arguments."),
    (
        "unexpected keyword argument|Unrecognized keyword arguments",
        "What is called here has no argument of this name: look up how it calls it.",
    ),
    ("NoneType", "Something is None here: an unknown height or width, or a function without a return."),
    ("name resolution", "Grading has no network."),
    ("No space left on device", "The folder that grading gives you to write in is full."),
    ("Read-only file system", "Grading lets you write in the working folder alone."),
    ("Too many open files", "Grading lets you open few files at a time: close each one, best with a with block."),
    ("start new thread", "Grading lets you start few processes and threads."),
    ("Resource temporarily unavailable", "Grading lets you start few processes and threads."),
    ("index out of range", "Are there fewer entries than you count on?"),
)


def name_packages(packages: Sequence[str]) -> None:
    """Let advice to students name these packages, from now on and in this thread."""
    _packages.set(tuple(packages))


def in_words(packages: Sequence[str]) -> str:
    """The packages as a sentence names them: "NumPy, SciPy and Keras". Python's own library where there are none."""
    return " and ".join(filter(None, [", ".join(packages[:-1]), *packages[-1:]])) or "Python's own library"


def explain_error(who: str, error: str, cause: str = "") -> str:
    """One sentence, or two where a cause or advice is known: `who` raised this error."""
    text = one_line(error).strip(" :")
    return f"{who} raised {text}{'' if text.endswith('.') else '.'} {cause or advice_on(error, who)}".strip()


def advice_on(error: str, asked: str = "") -> str:
    """What to do about a common error; "" where nothing is known. `asked`: the function that the exercise asks for."""
    if any(words in error for words in _OTHER_PACKAGE):
        return f"The course grades with {in_words(_packages.get())}: write it with these."
    if asked and re.search(rf"TypeError: {re.escape(asked)}(\.__init__)?\(\) (missing|takes|got)\b", error):
        every_layer = re.search(r"__init__\(\) got an unexpected keyword argument '(name|dtype|trainable)'", error)
        return _OF_EVERY_LAYER if every_layer else _GIVEN
    return next((advice for pattern, advice in ADVICE if re.search(pattern, error)), "")


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Text of a student's process as one line of a sentence, without terminal codes, cut where it is long."""
    shown = "".join(c if c.isprintable() else " " for c in _NOISE.sub(" ", text[: 20 * longest]))
    line = " ".join(shown.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " ..."
