"""Drawing and checking helpers. You can leave this cell closed: nothing in it is part of an exercise."""
import hashlib
from contextlib import contextmanager
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import PIL.Image
from IPython.display import Image, display

plt.rcParams.update({"font.size": 10, "axes.titlesize": 10, "figure.titlesize": 11, "image.cmap": "gray"})


def show(figure, alt):
    """Display a figure as a PNG that carries alt text, then close it."""
    drawn, small = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", dpi=144, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    picture = PIL.Image.open(drawn).convert("RGB")
    if colours := picture.getcolors(256):  # one byte a pixel does
        picture = picture.quantize(len(colours), dither=PIL.Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    width = picture.width * 96 // 144  # pixels of the PNG at 96 an inch
    display(Image(small.getvalue(), width=width, metadata={"alt": alt}))


@contextmanager
def waits_for(*functions):
    """Run a block; if it needs an exercise that is not written yet, say which one comes next and go on."""
    try:
        yield
    except NotImplementedError as error:
        if str(error) and "Your turn" not in str(error):
            raise
        trace = error.__traceback__
        while trace.tb_next:  # the innermost frame is the exercise that raised
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_qualname.split(".")[0]
        print(f"{name} comes next: write it above, run its cell, then run this one again.")


class CheckFailed(AssertionError):
    """A visible check that does not hold. The notebook shows its lines and none of the helpers' own."""

    def __init__(self, text, fingerprint):
        super().__init__(text)
        self.fingerprint = fingerprint

    def _render_traceback_(self):
        return str(self).strip().splitlines()


def fail(expected, came, rule="", arrays=None):
    """Raise CheckFailed in three lines: expected, came, and the likely cause if it is known, else the rule that failed.

    CAUSES has the causes of known wrong results by their fingerprint. They come packed: they give much away. arrays:
    the two that the texts expected and came tell of, if there are any.
    """
    key = fingerprint(rule, *(arrays or (expected, came)))
    last = f"\nlikely cause: {CAUSES[key]}" if key in CAUSES else f"\nrule: {rule}" if rule else ""
    raise CheckFailed(f"\nexpected: {expected}\ncame: {came}{last}", key)


def fingerprint(rule, expected, came):
    """Eight characters for a way to fail: equal for equal wrong results, up to rounding."""
    return hashlib.sha256(f"{rule}|{in_short(expected)}|{in_short(came)}".encode()).hexdigest()[:8]


def in_short(value):
    """Of an array its shape, how large its numbers are, and one sum in which each counts differently, as a share of
    that: what is left where numbers cancel out is rounding, and another one on another processor."""
    if not isinstance(value, np.ndarray):
        return value
    with np.errstate(all="ignore"):
        weighted = value * np.cos(np.arange(value.size)).reshape(value.shape)
        size = np.abs(weighted).sum()
        return f"{value.shape} {size:.4g} {weighted.sum() / size:z.4f}"


def as_numbers(got, rule=""):
    """Turn got into a float array, or fail with a sentence."""
    try:
        return np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        fail("numbers", f"{got!r:.80}, of type {type(got).__name__}", rule)


def check_type(got, kind, rule=""):
    """Fail unless got has the type kind itself (no bool, no np.matrix). Names such as "KerasTensor" work too."""
    if kind is np.ndarray and hasattr(got, "numpy") and hasattr(got, "shape"):
        return  # a tensor holds numbers too, and the grader takes it
    name = kind if isinstance(kind, str) else kind.__name__
    if name in [parent.__name__ for parent in type(got).__mro__] and (isinstance(kind, str) or type(got) is kind):
        return
    if got is None:
        rule = "the function returns its result: end it with a return line"
    elif kind is int:
        rule = "a count is a Python int: use // instead of /, and int(...) around a NumPy number"
    fail(f"a result of type {name}", f"{type(got).__name__}", rule)


def check_shape(got, shape, rule=""):
    """Fail unless got has this rank, then this shape."""
    came, shape = tuple(getattr(got, "shape", None) or np.shape(got)), tuple(shape)
    if len(came) != len(shape):
        fail(f"{len(shape)} axes, shape {shape}", f"{len(came)} axes, shape {came}", rule)
    if came != shape:
        fail(f"shape {shape}", f"shape {came}", rule)


def check_close(got, expected, rule="", tolerance=1e-5):
    """Fail unless got and expected have one shape and agree within tolerance. NaN fails."""
    expected, got = np.asarray(expected, dtype=np.float64), as_numbers(got, rule)
    check_shape(got, expected.shape, rule)
    with np.errstate(invalid="ignore"):
        difference = np.where(got == expected, 0.0, np.abs(got - expected))
    wrong = ~(difference <= tolerance * (1 + np.abs(expected)))
    if wrong.any():
        worst = np.unravel_index(np.argmax(np.where(np.isnan(difference), np.inf, difference)), expected.shape)
        where = f" at index {[int(i) for i in worst]}" if worst else ""
        fail(f"{expected[worst]:.6g}{where}", f"{got[worst]:.6g}; greatest difference {difference[worst]:.3g}, "
             f"{wrong.sum()} of {wrong.size} numbers differ", rule, (expected, got))


def check_equal(got, expected, rule=""):
    """Fail unless got equals expected exactly."""
    arrays = isinstance(got, np.ndarray) or isinstance(expected, np.ndarray)
    if not (np.array_equal(got, expected) if arrays else got == expected):
        fail(repr(expected), repr(got), rule)


def check_finite(got, rule=""):
    """Fail if got holds NaN or infinity."""
    got = as_numbers(got, rule)
    if not np.isfinite(got).all():
        fail("finite numbers only", f"{np.isnan(got).sum()} NaN and {np.isinf(got).sum()} infinite", rule)


def check_unchanged(before, after, rule=""):
    """Fail if an argument was modified: before is a copy made in advance."""
    if not np.array_equal(before, after):
        rule = rule or "work on a new array, not with *=, += or x[...] = on the argument"
        fail("an input that is as it was before the call", "an input that has changed", rule)


CHECKED = globals().get("CHECKED", {})  # exercise -> what it was when its visible checks passed


def passed(name):
    """Say that the visible checks of an exercise passed, and what has passed so far."""
    CHECKED[name] = globals().get(name)
    print(f"{name}: all visible checks passed · {visible_total()}")


def visible_result(name):
    """What is known of an exercise: a function that was defined anew has not been checked."""
    if name not in CHECKED:
        return "not yet"
    return "passed" if CHECKED[name] is globals().get(name) else "defined anew: run its test cell again"


def visible_total():
    """How many exercises, and points, have passed their visible checks."""
    done = [points for name, points in POINTS.items() if visible_result(name) == "passed"]
    return f"{len(done)} of {len(POINTS)} exercises, {sum(done):g} of {sum(POINTS.values()):g} points by the visible checks"


def show_progress():
    """Print what each exercise is worth and whether its visible checks passed, and the total."""
    width = max(len(word) for word in ("exercise", *POINTS))
    print(f"{'exercise':{width}}  points  visible checks")
    for name, points in POINTS.items():
        print(f"{name:{width}}  {points:6g}  {visible_result(name)}")
    print(f"\n{visible_total()}")
    print(f"graded by hand: {BY_HAND:g} points for the questions in your own words")


def compare_guess(guess, result, what=""):
    """Print a prediction beside the result; nothing where none was made. Numbers, rankings and words alike."""
    if guess is None:
        return
    numbers = all(isinstance(it, int | float | np.number) for it in (guess, result))
    off = f", {abs(guess - result):.3g} apart" if numbers else ", the same" if guess == result else ""
    guess, result = (f"{it:.4g}" if numbers else it for it in (guess, result))
    print(f"{what + ': ' if what else ''}you predicted {guess}, it came to {result}{off}")


def draw_guess(axis, guess, along="x", label="your prediction"):
    """Draw a predicted number into a plot as a line along the x or the y axis; nothing where none was made."""
    if guess is not None:
        line = axis.axhline if along == "x" else axis.axvline
        line(guess, color="tab:orange", linestyle="--", linewidth=1.5, label=label)
        axis.legend(frameon=False)


def photograph(name="china", height=96, width=144):
    """A photograph of scikit-learn's samples, "china" or "flower": (height, width, 3), 0 to 1, averaged down."""
    from sklearn.datasets import load_sample_image  # here, because grading needs none of it

    image = load_sample_image(f"{name}.jpg") / 255
    rows, columns = image.shape[0] // height, image.shape[1] // width
    image = image[:rows * height, :columns * width]
    return image.reshape(height, rows, width, columns, 3).mean(axis=(1, 3)).astype("float32")


def draw_maps(maps, titles, suptitle=None, numbers=False, vmin=None, vmax=None, signed=False):
    """Draw a row of 2-D maps in one scale with a colour bar; numbers=True writes the values in small maps.

    signed=True is for values on both sides of zero: blue below, white at zero, red above.
    """
    maps = [np.asarray(values, dtype=np.float64) for values in maps]
    low = min(values.min() for values in maps) if vmin is None else vmin
    high = max(values.max() for values in maps) if vmax is None else vmax
    width = min(2.1, 8.2 / len(maps))
    size = (width * len(maps) + 0.7, width * max(m.shape[0] / m.shape[1] for m in maps) + (0.8 if suptitle else 0.5))
    figure, axes = plt.subplots(1, len(maps), figsize=size, squeeze=False, layout="constrained")
    for axis, values, title in zip(axes[0], maps, titles, strict=True):
        drawn = draw_map(axis, values, title, low, high, numbers, signed)
    figure.colorbar(drawn, ax=axes[0].tolist(), fraction=0.05, pad=0.02)
    if suptitle:
        figure.suptitle(suptitle)
    return figure


def draw_map(axis, values, title, low, high, numbers=False, signed=False):
    """Draw one map on an axis, black for low and white for high; signed: blue below zero, red above."""
    if signed:
        high = max(abs(low), abs(high))
        low = -high
    drawn = axis.imshow(values, vmin=low, vmax=high, cmap="RdBu_r" if signed else "gray")
    axis.set(title=title, xticks=[], yticks=[])
    for row, column in np.ndindex(values.shape if numbers and values.size <= 64 else (0, 0)):
        dark = abs(values[row, column]) > 0.6 * high if signed else values[row, column] < (low + high) / 2
        axis.text(column, row, f"{values[row, column]:.3g}", ha="center", va="center", color="w" if dark else "k")
    return drawn


def draw_bars(values, labels, title, ylabel):
    """Draw one bar a value, with the number above it when there are few."""
    values = np.asarray(values, dtype=np.float64)
    figure, axis = plt.subplots(figsize=(min(9.0, 2.0 + 0.8 * len(values)), 2.6), layout="constrained")
    bars = axis.bar(range(len(values)), values, color="0.45", edgecolor="k")
    if len(values) <= 16:
        axis.bar_label(bars, fmt="%.3g", padding=2)
    axis.set(title=title, ylabel=ylabel)
    axis.set_xticks(range(len(values)), list(labels))
    axis.axhline(0, color="k", linewidth=0.8)
    axis.margins(y=0.18)
    return figure


def compare(function, target, inputs, title, alt, names=None, gate=None):
    """Draw function(*inputs) and, where it differs from the target, the target and the difference.

    (B, C) is drawn as bars; (B, H, W, C), (B, H, W) and square (C, C) as maps. `gate`, broadcastable to the input, is
    drawn between a right result and the input that it multiplies.
    """
    with waits_for(function):
        inputs = inputs if isinstance(inputs, tuple | list) else (inputs,)
        yours = function(*inputs)
        target, kind = np.asarray(target, dtype=np.float64), type(yours).__name__
        try:
            yours = np.asarray(yours, dtype=np.float64)
        except (TypeError, ValueError):
            yours = np.array(np.nan)
        if yours.shape != target.shape or not np.isfinite(yours).all():
            return print(f"The target is finite, of shape {target.shape}; yours: {kind} of shape {yours.shape}.")
        greatest = np.abs(yours - target).max()
        equal = greatest <= 1e-5 * (1 + np.abs(target).max())
        stacks = {"yours": yours} if equal else {"yours": yours, "target": target, "difference": yours - target}
        if equal and gate is not None:
            stacks = {"input": inputs[0], "gate": np.broadcast_to(gate, np.shape(inputs[0])), "output": yours}
        as_bars = target.ndim == 1 or (target.ndim == 2 and target.shape[0] != target.shape[1])
        figure = (compare_bars if as_bars else compare_maps)(stacks, names)
        figure.suptitle(title)
        show(figure, f"{alt} Greatest difference: {greatest:.2g}.")
        print(f"equal to the target: the greatest difference is {greatest:.2g}" if equal else
              f"different from the target, by {greatest:.2g} at most")


def compare_bars(stacks, names):
    """One bar per number, or two where yours and the target differ, and their difference; the first sample of a batch."""
    stacks = {kind: np.atleast_2d(stack)[0] for kind, stack in stacks.items()}
    where, differ = np.arange(len(stacks["yours"])), "target" in stacks
    size = (min(8.0, 2.0 + 0.5 * len(where)) if not differ else 8, 2.4)
    figure, axes = plt.subplots(1, 1 + differ, figsize=size, layout="constrained", squeeze=False)
    axes = axes[0]
    axes[0].bar(where - 0.2 * differ, stacks["yours"], 0.4 if differ else 0.6, color="0.45", edgecolor="k", label="yours")
    if differ:
        axes[0].bar(where + 0.2, stacks["target"], 0.4, color="w", edgecolor="k", hatch="///", label="target")
        axes[0].legend(ncols=2, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
        axes[1].bar(where, stacks["difference"], color="0.6", edgecolor="k")
        axes[1].set(title="yours minus target")
    for axis in axes:
        axis.axhline(0, color="k", linewidth=0.8)
        if len(where) <= 16:
            axis.set_xticks(where, range(len(where)) if names is None else names)
    return figure


def compare_maps(stacks, names):
    """One column per channel, four at most, and one row per stack; blue and red where values have both signs."""
    stacks = {kind: stack if np.ndim(stack) == 2 else np.asarray(stack)[0] for kind, stack in stacks.items()}
    stacks = {kind: stack[..., None] if stack.ndim == 2 else stack for kind, stack in stacks.items()}
    shape = next(iter(stacks.values())).shape
    count = min(4, shape[-1])
    values = np.concatenate([stack.ravel() for kind, stack in stacks.items() if kind not in ("difference", "gate")])
    limits = {"gate": (0, 1), "difference": (-np.abs(stacks.get("difference", 0)).max(),) * 2}
    side_by_side = count == 1
    rows, columns = (1, len(stacks)) if side_by_side else (len(stacks), count)
    tall = 2.0 * shape[0] / shape[1]
    figure, axes = plt.subplots(
        rows, columns, figsize=(2.0 * columns + 0.4, tall * rows + 0.6), layout="constrained", squeeze=False)
    for row, (kind, stack) in enumerate(stacks.items()):
        for channel in range(count):
            axis = axes[0, row] if side_by_side else axes[row, channel]
            heading = f"channel {channel}" if names is None else names[channel]
            title = kind if side_by_side else heading if row == 0 else ""
            low, high = limits.get(kind, (values.min(), values.max()))
            signed = kind == "difference" or (kind != "gate" and low < 0 < high)
            draw_map(axis, stack[..., channel], title, low, high, signed=signed)
            axis.set_ylabel("" if side_by_side or channel else kind)
    return figure
