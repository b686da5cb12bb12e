"""Drawing and checking helpers. You can leave this cell closed: nothing in it is part of an exercise."""
from contextlib import contextmanager
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Image, display

plt.rcParams.update({"font.size": 10, "axes.titlesize": 10, "figure.titlesize": 11, "image.cmap": "gray"})


def show(figure, alt):
    """Display a figure as a PNG that carries alt text, then close it."""
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=144, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    width = int.from_bytes(stream.getvalue()[16:20], "big") * 96 // 144  # pixels of the PNG at 96 an inch
    display(Image(stream.getvalue(), width=width, metadata={"alt": alt}))


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


def fail(expected, came, hint=""):
    """Raise an AssertionError in three short parts."""
    cause = f"\nlikely cause: {hint}" if hint else ""
    raise AssertionError(f"\nexpected: {expected}\ncame: {came}{cause}")


def as_numbers(got, hint=""):
    """Turn got into a float array, or fail with a sentence."""
    try:
        return np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        fail("numbers", f"{got!r:.80}, of type {type(got).__name__}", hint)


def check_type(got, kind, hint=""):
    """Fail unless got has the type kind itself (no bool, no np.matrix). Names such as "KerasTensor" work too."""
    if kind is np.ndarray and hasattr(got, "numpy") and hasattr(got, "shape"):
        return  # a tensor holds numbers too, and the grader takes it
    name = kind if isinstance(kind, str) else kind.__name__
    if name in [parent.__name__ for parent in type(got).__mro__] and (isinstance(kind, str) or type(got) is kind):
        return
    if got is None:
        hint = "the function returned nothing: end it with a return line"
    elif kind is int:
        hint = "a count is a Python int: use // in place of /, and int(...) around a NumPy number"
    fail(f"a result of type {name}", f"{type(got).__name__}", hint)


def check_shape(got, shape, hint=""):
    """Fail unless got has this rank, then this shape."""
    came, shape = tuple(getattr(got, "shape", None) or np.shape(got)), tuple(shape)
    if len(came) != len(shape):
        fail(f"{len(shape)} axes, shape {shape}", f"{len(came)} axes, shape {came}", hint)
    if came != shape:
        fail(f"shape {shape}", f"shape {came}", hint)


def check_close(got, expected, hint="", tolerance=1e-5):
    """Fail unless got and expected have one shape and agree within tolerance. NaN fails."""
    expected, got = np.asarray(expected, dtype=np.float64), as_numbers(got, hint)
    check_shape(got, expected.shape, hint)
    with np.errstate(invalid="ignore"):
        difference = np.where(got == expected, 0.0, np.abs(got - expected))
    wrong = ~(difference <= tolerance * (1 + np.abs(expected)))
    if wrong.any():
        worst = np.unravel_index(np.argmax(np.where(np.isnan(difference), np.inf, difference)), expected.shape)
        where = f" at index {[int(i) for i in worst]}" if worst else ""
        fail(f"{expected[worst]:.6g}{where}", f"{got[worst]:.6g}; greatest difference {difference[worst]:.3g}, "
             f"{wrong.sum()} of {wrong.size} numbers differ", hint)


def check_equal(got, expected, hint=""):
    """Fail unless got equals expected exactly."""
    arrays = isinstance(got, np.ndarray) or isinstance(expected, np.ndarray)
    if not (np.array_equal(got, expected) if arrays else got == expected):
        fail(repr(expected), repr(got), hint)


def check_finite(got, hint=""):
    """Fail if got holds NaN or infinity."""
    got = as_numbers(got, hint)
    if not np.isfinite(got).all():
        fail("finite numbers only", f"{np.isnan(got).sum()} NaN and {np.isinf(got).sum()} infinite", hint)


def check_unchanged(before, after, hint=""):
    """Fail if an argument was modified: before is a copy made in advance."""
    if not np.array_equal(before, after):
        hint = hint or "work on a new array, not with *=, += or x[...] = on the argument"
        fail("your function leaves its input as it was", "an input that has changed", hint)


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


def draw_maps(maps, titles, suptitle=None, numbers=False, vmin=None, vmax=None):
    """Draw a row of 2-D maps in one grey scale with a colour bar; numbers=True writes the values in small maps."""
    maps = [np.asarray(values, dtype=np.float64) for values in maps]
    low = min(values.min() for values in maps) if vmin is None else vmin
    high = max(values.max() for values in maps) if vmax is None else vmax
    width = min(2.1, 8.2 / len(maps))
    size = (width * len(maps) + 0.7, width * max(m.shape[0] / m.shape[1] for m in maps) + (0.8 if suptitle else 0.5))
    figure, axes = plt.subplots(1, len(maps), figsize=size, squeeze=False, layout="constrained")
    for axis, values, title in zip(axes[0], maps, titles, strict=True):
        drawn = draw_map(axis, values, title, low, high, numbers)
    figure.colorbar(drawn, ax=axes[0].tolist(), fraction=0.05, pad=0.02)
    if suptitle:
        figure.suptitle(suptitle)
    return figure


def draw_map(axis, values, title, low, high, numbers=False):
    """Draw one map on an axis, black for low and white for high."""
    drawn = axis.imshow(values, vmin=low, vmax=high, cmap="gray")
    axis.set(title=title, xticks=[], yticks=[])
    for row, column in np.ndindex(values.shape if numbers and values.size <= 64 else (0, 0)):
        dark = values[row, column] < (low + high) / 2
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


def compare(function, target, inputs, title, alt, names=None):
    """Draw function(*inputs), target, difference: (B, C) as bars, (B, H, W, C), (B, H, W) and square (C, C) as maps."""
    with waits_for(function):
        yours = function(*(inputs if isinstance(inputs, (tuple, list)) else (inputs,)))
        target, kind = np.asarray(target, dtype=np.float64), type(yours).__name__
        try:
            yours = np.asarray(yours, dtype=np.float64)
        except (TypeError, ValueError):
            yours = np.array(np.nan)
        if yours.shape != target.shape or not np.isfinite(yours).all():
            return print(f"The target is finite, of shape {target.shape}; yours: {kind} of shape {yours.shape}.")
        greatest = np.abs(yours - target).max()
        as_bars = target.ndim == 1 or (target.ndim == 2 and target.shape[0] != target.shape[1])
        figure = (compare_bars if as_bars else compare_maps)(yours, target, names)
        figure.suptitle(title)
        show(figure, f"{alt} Greatest difference: {greatest:.2g}.")
        print(f"greatest difference from the target: {greatest:.2g}")


def compare_bars(yours, target, names):
    """Two bars a number, yours and the target, and their difference; the first sample of a batch."""
    yours, target = np.atleast_2d(yours)[0], np.atleast_2d(target)[0]
    where, names = np.arange(len(target)), range(len(target)) if names is None else names
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), layout="constrained", width_ratios=[2, 1])
    left.bar(where - 0.2, yours, 0.4, color="0.25", edgecolor="k", label="yours")
    left.bar(where + 0.2, target, 0.4, color="w", edgecolor="k", hatch="///", label="target")
    left.axhline(0, color="k", linewidth=0.8)
    left.legend(ncols=2, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    right.bar(where, np.abs(yours - target), color="0.6", edgecolor="k")
    right.set(title="size of the difference", ylim=(0, max(1.1 * np.abs(yours - target).max(), 0.01)))
    for axis in (left, right) if len(target) <= 16 else ():
        axis.set_xticks(where, names)
    return figure


def compare_maps(yours, target, names):
    """Yours, the target and their difference, for at most four channels of the first sample."""
    stacks = [stack if stack.ndim == 2 else stack[0] for stack in (yours, target, np.abs(yours - target))]
    stacks = [stack[..., None] if stack.ndim == 2 else stack for stack in stacks]
    count, low, high = min(4, stacks[1].shape[-1]), stacks[1].min(), stacks[1].max()
    rows, columns = (1, 3) if count == 1 else (3, count)
    tall = 2.2 * stacks[1].shape[0] / stacks[1].shape[1]
    figure, axes = plt.subplots(rows, columns, figsize=(2.2 * columns, tall * rows + 0.7), layout="constrained")
    for place, axis in enumerate(axes.flat):
        kind, channel = divmod(place, count)
        limits = (low, high) if kind < 2 else (0, max(stacks[2].max(), 0.01 * (high - low), 1e-6))
        label = ("yours", "target", "difference (black: none)")[kind]
        heading = f"channel {channel}" if names is None else names[channel]
        draw_map(axis, stacks[kind][..., channel], label if count == 1 else heading if kind == 0 else "", *limits)
        axis.set_ylabel(label.replace(" (", "\n(") if count > 1 and channel == 0 else "")
    return figure
