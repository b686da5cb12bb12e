"""`make bench`: how fast grading is, against others' and against the floor, with the same grades asserted."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from autograder.files import write_whole
from benchmarks.classes import NOTEBOOKS
from benchmarks.growth import run_growth
from benchmarks.machine import describe_machine
from benchmarks.machines import run_machines
from benchmarks.measure import BenchError
from benchmarks.mixed import Mixed
from benchmarks.report import FIGURES, write_report
from benchmarks.startup import run_startup
from benchmarks.thousand import run_thousand
from benchmarks.walkthroughs import run_walkthroughs
from benchmarks.ways import ALL, FLOOR, MANY, ONE, OTTER, STOCK, otter_version

MIXED = (FLOOR, ONE, ALL, STOCK, MANY)
ONLY = {"floor": (FLOOR,), "stock": (STOCK, MANY), "ours": (ONE, ALL)}
PARTS = ("mixed", "otter", "startup", "thousand", "growth", "machines", "walkthroughs")
HERE = Path(__file__).absolute().parent


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.argument("parts", nargs=-1, type=click.Choice(PARTS), metavar="[PART]...")
@click.option("--repetitions", type=click.IntRange(min=1), default=2, help="Of every run but those of others' graders.")
@click.option("--stock-repetitions", type=click.IntRange(min=1), default=1, help="Of these: they take long.")
@click.option("--submissions", type=click.IntRange(min=2), default=24, help="A notebook, for ours and the floor.")
@click.option(
    "--works", type=click.IntRange(min=1), default=3, help="Different ones among them; others grade each once."
)
@click.option("--notebooks", multiple=True, type=click.Choice(NOTEBOOKS), default=NOTEBOOKS, help="Of mixed.")
@click.option("--only", type=click.Choice(list(ONLY)), help="Of mixed, run this alone; there are no ratios then.")
@click.option("--sizes", type=(int, int, int), default=(10, 50, 1000), help="Of the classes of thousand.")
@click.option("--workers", type=click.IntRange(min=1), default=2, help="Of thousand.")
@click.option("--grown", type=(int, int), default=(1000, 20_000), help="Sizes of the classes of growth.")
@click.option("--for-a-worker", type=(int, int), default=(6, 34), help="Sizes of the classes of machines, a worker.")
@click.option("--seed", type=int, default=1, help="Of the choice of answers.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), default=HERE, help="Folder of the results.")
def main(
    parts,
    repetitions,
    stock_repetitions,
    submissions,
    works,
    notebooks,
    only,
    sizes,
    workers,
    grown,
    for_a_worker,
    seed,
    output,
) -> None:
    """Measure each PART, by default all: mixed, otter, startup, thousand, growth, machines, walkthroughs.

    Print the page, and write results.json, results.md and throughput.png after each. What was measured before of other
    parts stays in them.
    """
    if submissions % works or submissions == works:
        raise click.UsageError("--submissions must be a multiple of --works, and greater")

    def compare(notebooks, ways) -> dict:
        return Mixed(notebooks, ways, works, seed, _say).run(submissions, repetitions, stock_repetitions)

    measure = {
        "mixed": lambda: compare(notebooks, ONLY.get(only, MIXED)),
        "otter": lambda: {**compare(NOTEBOOKS[:1], (ONE, ALL, OTTER)), "version": otter_version()},
        "startup": lambda: run_startup(seed, repetitions, (1, sizes[-1]), _say),
        "thousand": lambda: run_thousand(seed, repetitions, workers, sizes, _say),
        "growth": lambda: run_growth(grown, _say),
        "machines": lambda: run_machines(seed, repetitions, for_a_worker, _say),
        "walkthroughs": lambda: run_walkthroughs(_say),
    }
    page = ""
    for part in dict.fromkeys(parts or PARTS):
        machine, started = describe_machine(), time.monotonic()
        try:
            found = measure[part]()
        except BenchError as error:
            sys.exit(f"bench: {error}")
        minutes = (time.monotonic() - started) / 60
        _say(f"{part}: {minutes:.1f} minutes")
        machine |= {"took": f"{minutes:.1f} minutes"}
        results = _read(output / FIGURES) | {part: {"machine": machine, "seed": seed, **found}}
        write_whole(output / FIGURES, json.dumps(results, indent=1) + "\n")
        page = write_report(results, output)
    click.echo(page)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


if __name__ == "__main__":
    main()
