"""Writes the figures down for a reader: a page with tables and a plot with a description in words."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402

from autograder.files import write_whole  # noqa: E402
from benchmarks.startup import CLASS  # noqa: E402
from benchmarks.ways import ALL, FLOOR, MANY, ONE, STOCK  # noqa: E402

FIGURES, PAGE, PLOT = RESULTS = ("results.json", "results.md", "throughput.png")
LAYERS_FIGURES, LAYERS_PAGE = LAYERS_RESULTS = ("layers.json", "layers.md")
SHOWN = (STOCK, MANY, ONE, ALL, FLOOR)
COLOURS = ("#0072b2", "#e69f00", "#009e73")  # told apart by colour-blind readers; markers tell too
MARKERS = ("o", "s", "^")


def write_report(results: dict, folder: Path) -> str:
    """Write results.md and the plot; returns the page."""
    parts = ["# Benchmarks", "Made by `make bench`; options: `python benchmarks/run.py --help`."]
    if "mixed" in results:
        parts.append(_mixed_section(results["mixed"]))
    if "thousand" in results:
        parts.append(_thousand_section(results["thousand"]))
    if "startup" in results:
        parts.append(_startup_section(results["startup"]))
    if "growth" in results:
        parts.append(_growth_section(results["growth"]))
    _plot(results, folder / PLOT)
    page = "\n\n".join([*parts, "## Plot", f"![{_alt_text(results)}]({PLOT})"]) + "\n"
    write_whole(folder / PAGE, page)
    return page


def table(head: tuple, rows: list[tuple]) -> str:
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machine_table(machine: dict) -> str:
    return "\n".join(f"| {key} | {value} |" for key, value in (("machine", ""), ("---", "---"), *machine.items()))


def _seconds(spread: dict) -> str:
    return f"{_digits(spread['median'])} ({_digits(spread['min'])} to {_digits(spread['max'])})"


def _digits(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _mixed_section(mixed: dict) -> str:
    works, submissions = mixed["works"], mixed["submissions"]
    sizes = (
        f"{works} different submissions a notebook: one all right, in the others each answer is right or wrong with "
        f"equal odds. Ours and the floor grade a class of {submissions} a notebook in which these go round in turn; "
        "stock grades each of them once, on all cores once for each core. No two files are alike."
    )
    times = (
        f"Each figure is the median (least to greatest) of {mixed['repetitions']} interleaved repetitions, of "
        f"{mixed['stock_repetitions']} for stock. Ours and stock write the gradebook, ours writes the feedback too. "
        f"The start-up of ours follows from the difference of a class of {works} and one of {submissions}, that of "
        "stock ends with the first student in its log, that of the floor is its imports and a try of each "
        'submission. "All together" is the mean over the notebooks.'
    )
    grades = (
        f"Grades: {mixed['grades_compared']} scores of exercises compared. Floor and ours are the same; stock is the "
        "same where all answers of a submission are right and never more elsewhere: there a failed visible check costs "
        "the whole exercise."
    )
    parts = ["## The mixed batch", sizes, times, _times_table(mixed["summary"])]
    if mixed["ratios"]:
        rows = [(item["what"], f"{item['ratio']:.2f}") for item in mixed["ratios"]]
        parts += [table(("ratio of medians, all notebooks together", ""), rows), grades]
    return "\n\n".join([*parts, *_memory_parts(mixed["memory"]), machine_table(mixed["machine"])])


def _times_table(summary: dict) -> str:
    rows = []
    for way in (way for way in SHOWN if way in summary):
        figures = summary[way]
        for name, one in (*figures["notebooks"].items(), ("all together", figures["mixed"])):
            whole = "" if way == FLOOR else _seconds(one["whole"])
            rows.append((way, _short(name), _seconds(one["startup"]), _seconds(one["each"]), whole))
    head = (
        "way",
        "notebook",
        "start-up of a command, s",
        "a submission without start-up, s",
        "with its share of it, s",
    )
    return table(head, rows)


def _short(name: str) -> str:
    return name[:2] if name[0].isdigit() else name


def _memory_parts(memory: dict) -> list[str]:
    rows = [(way, f"{memory[way]['peak_mib']:.0f}") for way in SHOWN if way in memory]
    note = "Proportional set size, read every 0.2 s in runs of their own (stock: one submission a notebook)."
    if not all(item["proportional"] for item in memory.values()):
        note += " Where it could not be read, the resident set size, which counts shared pages several times."
    return [table(("way", "peak memory of the process tree, MiB"), rows), note]


def _thousand_section(thousand: dict) -> str:
    sizes, small, large, graded = (thousand[key] for key in ("sizes", "small", "large", "graded"))
    about = (
        f"{sizes['tiny']} different submissions, which go round in turn; no two files are alike. The start-up follows "
        f"from classes of {sizes['tiny']}. The small classes ran {thousand['repetitions']} times around the large one; "
        "their figures are the median (least to greatest)."
    )
    rows = [
        (f"{sizes['small']:,}", _seconds(small["each"]), _seconds(small["whole"])),
        (f"{sizes['large']:,}", _digits(large["each"]), _digits(large["whole"])),
    ]
    outcome = (
        f"A submission of the large class costs {large['each'] / small['each']['median']:.3f} times one of the small "
        f"class, start-up apart. {graded:,} results, the same scores in the gradebook, {graded:,} feedback files. Peak "
        f"memory of the process tree: {thousand['peak_mib']:.0f} MiB; in 100 submissions it grows by "
        f"{thousand['growth_mib_a_hundred']:.1f} MiB (a line through the run without its first and last fifth)."
    )
    title = f"## {sizes['large']:,} submissions of notebook {thousand['notebook'][:2]}, {thousand['workers']} workers"
    times = table(("submissions", "a submission without start-up, s", "with its share of it, s"), rows)
    return "\n\n".join([title, about, times, outcome, machine_table(thousand["machine"])])


def _startup_section(startup: dict) -> str:
    about = (
        "From the start of a command to the moment at which its first graded cell runs, beside a whole "
        f'`python -c "import tensorflow, keras"`. Median (least to greatest) of {startup["repetitions"]} interleaved '
        "repetitions; the ratios are taken repetition by repetition."
    )
    ratios = startup["ratios"]
    rows = [
        (name, _seconds(seconds), _seconds(ratios[name]) if name in ratios else "")
        for name, seconds in startup["seconds"].items()
    ]
    few, many = startup["memory_mib"]
    memory = (
        f"Peak memory of the process tree for a class of {CLASS}: {startup['memory_mib'][few]:.0f} MiB with {few} "
        f"workers, {startup['memory_mib'][many]:.0f} MiB with {many}, "
        f"{startup['memory_mib'][many] / startup['memory_mib'][few]:.2f} times as much."
    )
    times = table(("command", "seconds", "times the import"), rows)
    return "\n\n".join(["## Start-up", about, times, memory, machine_table(startup["machine"])])


def _growth_section(growth: dict) -> str:
    small, large = growth["classes"]
    about = (
        f"Notebook {growth['notebook'][:2]}, with results put in place of running code: `grade` finds the submissions, "
        "sends them to its workers and records what comes back, with gradebook, files and feedback. Once each."
    )
    rows = []
    for name, of_small in small["commands"].items():
        of_large = large["commands"][name]
        each = [1000 * one["seconds"] / size for one, size in zip((of_small, of_large), growth["sizes"], strict=True)]
        ratio = f"{each[1] / each[0]:.2f}"
        rows.append((name, *map(_digits, each), ratio, f"{of_small['peak_mib']:.0f}", f"{of_large['peak_mib']:.0f}"))
    sizes = [f"{size:,}" for size in growth["sizes"]]
    head = ("command", *(f"ms a student, {size}" for size in sizes), "ratio", *(f"peak MiB, {size}" for size in sizes))
    page = f"The report of {sizes[1]} students is a page of {large['page_mib']:.2f} MiB."
    title = f"## {sizes[1]} students, without their code"
    return "\n\n".join([title, about, table(head, rows), page, machine_table(growth["machine"])])


def _alt_text(results: dict) -> str:
    said = []
    if "mixed" in results:
        summary = results["mixed"]["summary"]
        medians = {way: summary[way]["mixed"]["each"]["median"] for way in SHOWN if way in summary}
        listed = "; ".join(f"{way}: {_digits(value)} s" for way, value in medians.items())
        said.append(f"Points for the seconds a submission, start-up apart, on a logarithmic scale: {listed}.")
    if "thousand" in results:
        blocks, memory = results["thousand"]["block_seconds"], [size for _, size in results["thousand"]["memory_mib"]]
        said.append(f"Lines over the long run: memory of the process tree, at most {max(memory):.0f} MiB;")
        said.append(f"seconds a submission, between {_digits(min(blocks))} and {_digits(max(blocks))}.")
    if "startup" in results:
        ratios = results["startup"]["ratios"]
        listed = "; ".join(f"{name}: {_digits(one['median'])}" for name, one in ratios.items())
        said.append(f"Points for the time until the first graded cell runs, in imports of TensorFlow: {listed}.")
    return " ".join(said)


def _plot(results: dict, path: Path) -> None:
    panels = [_draw_ways] * ("mixed" in results) + [_draw_memory, _draw_blocks] * ("thousand" in results)
    panels += [_draw_startup] * ("startup" in results)
    figure, axes = plt.subplots(len(panels), 1, figsize=(8, 3.4 * len(panels)), squeeze=False, layout="constrained")
    for axis, draw in zip(axes[:, 0], panels, strict=True):
        draw(axis, results)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=144, facecolor="white")
    plt.close(figure)
    write_whole(path, drawn.getvalue())


def _draw_ways(axis, results: dict) -> None:
    summary = results["mixed"]["summary"]
    ways = [way for way in SHOWN if way in summary]
    notebooks = list(summary[ways[0]]["notebooks"])
    for number, name in enumerate(notebooks):
        each = [summary[way]["notebooks"][name]["each"] for way in ways]
        medians = [one["median"] for one in each]
        noise = [[one["median"] - one["min"] for one in each], [one["max"] - one["median"] for one in each]]
        places = [place + 0.25 * (number - (len(notebooks) - 1) / 2) for place in range(len(ways))]
        style = {"color": COLOURS[number % 3], "marker": MARKERS[number % 3], "linestyle": "none", "capsize": 3}
        axis.errorbar(medians, places, xerr=noise, label=f"notebook {name[:2]}", **style)
        for one, place in zip(each, places, strict=True):
            shift = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": 8}
            axis.annotate(f"{_digits(one['median'])} s", (one["max"], place), **shift)
    axis.set(xscale="log", title="Seconds a submission, start-up apart", xlabel="median; the line: least to greatest")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.set_yticks(range(len(ways)), ways)
    axis.margins(x=0.15, y=0.15)
    axis.invert_yaxis()
    axis.grid(axis="x", color="0.85")
    axis.set_axisbelow(True)
    axis.legend(loc="lower right")


def _draw_memory(axis, results: dict) -> None:
    samples = results["thousand"]["memory_mib"]
    axis.plot([at for at, _ in samples], [size for _, size in samples], color=COLOURS[0])
    axis.set(xlabel="seconds of the run", ylabel="process tree, MiB", title="Memory of the long run")
    axis.set_ylim(0, 1.1 * max(size for _, size in samples))


def _draw_blocks(axis, results: dict) -> None:
    block, seconds = results["thousand"]["block"], results["thousand"]["block_seconds"]
    axis.plot([block * (number + 2) for number in range(len(seconds))], seconds, color=COLOURS[0], marker="o")
    axis.set(xlabel="submissions graded", ylabel="seconds a submission", title=f"Pace, by blocks of {block}")
    axis.set_ylim(0, 1.1 * max(seconds))


def _draw_startup(axis, results: dict) -> None:
    ratios = results["startup"]["ratios"]
    medians = [one["median"] for one in ratios.values()]
    noise = [
        [one["median"] - one["min"] for one in ratios.values()],
        [one["max"] - one["median"] for one in ratios.values()],
    ]
    style = {"color": COLOURS[0], "marker": MARKERS[0], "linestyle": "none", "capsize": 3}
    axis.errorbar(medians, range(len(ratios)), xerr=noise, **style)
    for place, one in enumerate(ratios.values()):
        shift = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": 8}
        axis.annotate(_digits(one["median"]), (one["max"], place), **shift)
    axis.axvline(1, color="0.6", linestyle="--")
    axis.set(title="Until the first graded cell runs", xlabel="times one import of TensorFlow and Keras (dashed: once)")
    axis.set_yticks(range(len(ratios)), list(ratios))
    axis.set_xlim(0, 1.2 * max(one["max"] for one in ratios.values()))
    axis.margins(y=0.15)
    axis.invert_yaxis()
    axis.grid(axis="x", color="0.85")
    axis.set_axisbelow(True)
