"""Writes the figures down for a reader: a page with tables and a plot with a description in words."""

from __future__ import annotations

import io
import math
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402

from autograder.files import write_whole  # noqa: E402
from benchmarks.startup import CLASS  # noqa: E402
from benchmarks.ways import ALL, FLOOR, MANY, ONE, OTTER, STOCK  # noqa: E402

FIGURES, PAGE, PLOT = RESULTS = ("results.json", "results.md", "throughput.png")
LAYERS_FIGURES, LAYERS_PAGE = LAYERS_RESULTS = ("layers.json", "layers.md")
SHOWN = (STOCK, MANY, OTTER, ONE, ALL, FLOOR)
COLOURS = ("#0072b2", "#e69f00", "#009e73")  # told apart by colour-blind readers; markers tell too
MARKERS = ("o", "s", "^")


def write_report(results: dict, folder: Path) -> str:
    """Write results.md and the plot; returns the page."""
    sections = {
        "mixed": _mixed_section,
        "otter": _otter_section,
        "thousand": _thousand_section,
        "startup": _startup_section,
        "growth": _growth_section,
        "machines": _machines_section,
        "walkthroughs": _walkthroughs_section,
    }
    parts = ["# Benchmarks", "Made by `make bench`; one part, and options: `python -m benchmarks.run --help`."]
    parts += [write(results[name]) for name, write in sections.items() if name in results]
    if _plot(results, folder / PLOT):
        parts += ["## Plot", f"![{_alt_text(results)}]({PLOT})"]
    page = "\n\n".join(parts) + "\n"
    write_whole(folder / PAGE, page)
    return page


def table(head: tuple, rows: list[tuple]) -> str:
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machine_table(machine: dict) -> str:
    return "\n".join(f"| {key} | {value} |" for key, value in (("machine", ""), ("---", "---"), *machine.items()))


def _seconds(spread: dict) -> str:
    return f"{_digits(spread['median'])} ({_digits(spread['min'])} to {_digits(spread['max'])})"


def _whole(spread: dict) -> str:
    return f"{spread['median']:.0f} ({spread['min']:.0f} to {spread['max']:.0f})"


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
        'submission. "All together" is the mean over the notebooks. The floor has TensorFlow as it comes, where ours '
        "leaves out what it prepares for long runs."
    )
    grades = (
        f"Grades: {mixed['grades_compared']} scores of exercises compared. Floor and ours are the same; stock is the "
        "same where all answers of a submission are right and never more elsewhere: there a failed visible check costs "
        "the whole exercise."
    )
    parts = ["## The mixed batch", sizes, times, _times_table(mixed["summary"])]
    if mixed["ratios"]:
        parts += [_ratios_table("ratio of medians, all notebooks together", mixed["ratios"]), grades]
    return "\n\n".join([*parts, *_memory_parts(mixed["memory"]), machine_table(mixed["machine"])])


def _otter_section(otter: dict) -> str:
    works, submissions, (otherwise, of) = otter["works"], otter["submissions"], otter["judged_otherwise"]
    (notebook,) = otter["summary"][OTTER]["notebooks"]
    about = (
        f"{works} different submissions of notebook {notebook[:2]}, made as above. otter-grader {otter['version']} "
        "runs as `otter run`, without Docker, once for each submission and one after the other; ours grades a class of "
        f"{submissions} in which they go round in turn. Median (least to greatest) of {otter['repetitions']} "
        f"repetitions, of {otter['stock_repetitions']} for otter-grader. Its start-up is `otter generate`, once for an "
        "assignment, shared here by "
        f"{works} submissions; that of the process in which it grades is part of each submission. It gets the "
        "notebooks without the demonstrations, which ours leaves out too."
    )
    judged = (
        "It judges less: its tests are the visible checks, and an exercise has its points if they all pass, else none. "
        "There are no random inputs, no points for a part, no sandbox, no gradebook and no feedback page. Where all "
        "answers of a submission are right its scores are those that the visible checks in our graded notebooks give, "
        "exercise by exercise, and never more elsewhere: a wrong answer that changes the data costs the exercises "
        f"after it. In {otherwise} of {of} exercises ours gives another score than the visible checks alone, for what "
        "else it asks."
    )
    ratios = _ratios_table("ratio of medians", otter["ratios"])
    parts = ["## Beside otter-grader", about, _times_table(otter["summary"], together=False), ratios, judged]
    return "\n\n".join([*parts, *_memory_parts(otter["memory"]), machine_table(otter["machine"])])


def _ratios_table(head: str, ratios: list[dict]) -> str:
    return table((head, ""), [(item["what"], f"{item['ratio']:.2f}") for item in ratios])


def _times_table(summary: dict, together: bool = True) -> str:
    rows = []
    for way in (way for way in SHOWN if way in summary):
        figures = summary[way]
        for name, one in (*figures["notebooks"].items(), *[("all together", figures["mixed"])] * together):
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
    note = (
        "Proportional set size, read every 0.2 s in runs of their own (others: one submission of the first notebook, "
        "or one for each core)."
    )
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
    (few, small), (many, large) = startup["memory_mib"].items()
    memory = (
        f"Peak memory of the process tree for a class of {CLASS}, MiB: {_whole(small)} with {few} workers, "
        f"{_whole(large)} with {many}, {large['median'] / small['median']:.2f} times as much."
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


def _machines_section(machines: dict) -> str:
    small, large = machines["sizes"]
    about = (
        f"A `dask scheduler` of its own and `dask worker` processes, each of which keeps to one core with all that it "
        f"starts; scheduler and grader have no core of their own, but share those of the workers. Notebook "
        f"{machines['notebook'][:2]}; the seconds follow from classes of {small} and of {large} for each worker. "
        f"Median (least to greatest) of {machines['repetitions']} repetitions. Linear is the throughput of one worker "
        "times the number of workers."
    )
    found = machines["throughput"]
    alone = found[0]["each"]["median"]
    rows = [
        (one["workers"], _seconds(one["each"]), _digits(1 / one["each"]["median"]), _of_linear(one, alone))
        for one in found
    ]
    head = ("workers", "seconds a submission", "submissions a second", "of linear")
    owners, bound = _saturation(machines, alone)
    costs = [
        (name, f"{seconds * 1000:.1f}", _digits(1 / seconds), f"{alone / seconds:.0f}")
        for name, seconds in owners.items()
    ]
    costs_head = ("one process", "processor time a submission, ms", "submissions a second", "workers that fill it")
    alone_text = (
        "What is there once in a class: the scheduler, which hands messages on, here to workers that do nothing, and "
        f"the grader with the record's one writer, here fed with {machines['recorded']:,} results that are there at "
        "once. A submission has four messages: the notebook to a worker, the graded notebook back, that to a worker "
        "again, and its feedback page back. Each of the two keeps at most one core busy: what it takes of that a "
        "submission says how many it can do."
    )
    parts = ["## More machines, simulated", about, table(head, rows), alone_text, table(costs_head, costs), bound]
    return "\n\n".join([*parts, machine_table(machines["machine"])])


def _of_linear(one: dict, alone: float) -> str:
    return f"{alone / (one['workers'] * one['each']['median']):.2f}"


def _saturation(machines: dict, alone: float) -> tuple[dict[str, float], str]:
    """The seconds a submission of each process that can be full, and what bounds a class at its own size of message."""
    record = machines["record"]
    owners = {"the record's writer, without messages": record}
    for one in machines["messages"]:
        owners[f"the scheduler, messages of {one['mb']:g} MB"] = one["scheduler"]
        owners[f"the grader, writer and messages of {one['mb']:g} MB"] = record + one["grader"]
    sizes = machines["real_mb"]
    passed_on = sum(sizes.values()) + sizes["graded notebook"]  # which goes back to a worker for its feedback
    mean = passed_on / 4
    nearest = min(machines["messages"], key=lambda one: abs(math.log(one["mb"] / mean)))
    full = {"the scheduler": nearest["scheduler"], "the grader": record + nearest["grader"]}
    first = max(full, key=full.__getitem__)
    listed = ", ".join(f"a {name} of {size:.2f} MB" for name, size in sizes.items())
    bound = (
        f"Up to there a worker more is a worker more. This class has {listed} (medians), on average {mean:.2f} MB a "
        f"message. At {nearest['mb']:g} MB {first} is full first, at about {alone / full[first]:.0f} workers such as "
        f"this one, or {1 / full[first]:.0f} submissions a second: workers beyond wait for it. Through the scheduler's "
        f"network go {passed_on:.2f} MB a submission in each direction, so a link of 1 Gbit/s carries "
        f"{125 / passed_on:.0f} a second, what {alone * 125 / passed_on:.0f} workers make."
    )
    return owners, bound


def _walkthroughs_section(walkthroughs: dict) -> str:
    about = (
        "Each solved notebook once from top to bottom, the demonstrations too, in Jupyter's kernel without a sandbox. "
        f"Memory is that of the process tree, {_kind_of_size(walkthroughs['notebooks'])}."
    )
    found = walkthroughs["notebooks"]
    rows = [(name, f"{one['seconds']:.0f}", f"{one['peak_mib']:.0f}") for name, one in found.items()]
    rows.append(("together, and the most", f"{sum(one['seconds'] for one in found.values()):.0f}", _most(found)))
    times = table(("notebook", "seconds", "peak memory, MiB"), rows)
    return "\n\n".join(["## The notebooks", about, times, machine_table(walkthroughs["machine"])])


def _kind_of_size(found: dict) -> str:
    if all(one["proportional"] for one in found.values()):
        return "as proportional set size"
    return "as resident set size, which counts shared pages several times"


def _most(found: dict) -> str:
    return f"{max(one['peak_mib'] for one in found.values()):.0f}"


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
    if "machines" in results:
        found = results["machines"]["throughput"]
        listed = "; ".join(f"{one['workers']}: {_digits(1 / one['each']['median'])}" for one in found)
        said.append(f"Points for submissions a second by the number of workers, beside a straight line: {listed}.")
    return " ".join(said)


def _plot(results: dict, path: Path) -> bool:
    """Draw what there is to draw. Returns whether there is anything."""
    panels = [_draw_ways] * ("mixed" in results) + [_draw_memory, _draw_blocks] * ("thousand" in results)
    panels += [_draw_startup] * ("startup" in results) + [_draw_machines] * ("machines" in results)
    if not panels:
        return False
    figure, axes = plt.subplots(len(panels), 1, figsize=(8, 3.4 * len(panels)), squeeze=False, layout="constrained")
    for axis, draw in zip(axes[:, 0], panels, strict=True):
        draw(axis, results)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=144, facecolor="white")
    plt.close(figure)
    write_whole(path, drawn.getvalue())
    return True


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


def _draw_machines(axis, results: dict) -> None:
    found = results["machines"]["throughput"]
    workers = [one["workers"] for one in found]
    one_worker = 1 / found[0]["each"]["median"]
    axis.plot([0, workers[-1]], [0, workers[-1] * one_worker], color="0.6", linestyle="--")
    axis.plot(
        workers, [1 / one["each"]["median"] for one in found], color=COLOURS[0], marker=MARKERS[0], linestyle="none"
    )
    axis.set(xlabel="workers, a core each (dashed: linear)", ylabel="submissions a second", title="More machines")
    axis.set_xticks(workers)
    axis.set_ylim(0, 1.2 * workers[-1] * one_worker)
