"""`make bench`: how fast grading is, against stock nbgrader and against the floor, with the same grades asserted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from autograder.files import write_whole
from benchmarks.classes import NOTEBOOKS
from benchmarks.growth import run_growth
from benchmarks.machine import describe_machine
from benchmarks.measure import BenchError
from benchmarks.mixed import Mixed
from benchmarks.report import FIGURES, write_report
from benchmarks.startup import run_startup
from benchmarks.thousand import run_thousand
from benchmarks.ways import ALL, FLOOR, MANY, ONE, STOCK, WAYS

ONLY = {"floor": (FLOOR,), "stock": (STOCK, MANY), "ours": (ONE, ALL)}
HERE = Path(__file__).absolute().parent


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--repetitions", type=click.IntRange(min=1), default=5, help="Of every run but stock's.")
@click.option("--stock-repetitions", type=click.IntRange(min=1), default=2, help="Of stock's runs: they take long.")
@click.option("--submissions", type=click.IntRange(min=2), default=24, help="A notebook, for ours and the floor.")
@click.option(
    "--works", type=click.IntRange(min=1), default=3, help="Different ones among them; stock grades each once."
)
@click.option("--notebooks", multiple=True, type=click.Choice(NOTEBOOKS), default=NOTEBOOKS)
@click.option("--only", type=click.Choice(list(ONLY)), help="Run this alone; there are no ratios then.")
@click.option("--thousand", is_flag=True, help="Run the long class of notebook 01 in place of the comparison.")
@click.option("--startup", is_flag=True, help="Measure the start-up of each command in place of the comparison.")
@click.option("--growth", is_flag=True, help="Put results in place of running code, in a very large class.")
@click.option("--grown", type=(int, int), default=(1000, 20_000), help="Sizes of the classes with --growth.")
@click.option("--sizes", type=(int, int, int), default=(10, 50, 1000), help="Of the classes with --thousand.")
@click.option("--workers", type=click.IntRange(min=1), default=2, help="With --thousand.")
@click.option("--seed", type=int, default=1, help="Of the choice of answers.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), default=HERE, help="Folder of the results.")
def main(
    repetitions,
    stock_repetitions,
    submissions,
    works,
    notebooks,
    only,
    thousand,
    startup,
    growth,
    grown,
    sizes,
    workers,
    seed,
    output,
) -> None:
    """Measure, print the table, and write results.json, results.md and throughput.png."""
    machine = describe_machine()
    try:
        if thousand:
            section, found = "thousand", run_thousand(seed, repetitions, workers, sizes, _say)
        elif growth:
            section, found = "growth", run_growth(grown, _say)
        elif startup:
            section, found = "startup", run_startup(seed, repetitions, (1, sizes[-1]), _say)
        else:
            if submissions % works or submissions == works:
                raise click.UsageError("--submissions must be a multiple of --works, and greater")
            comparison = Mixed(notebooks, ONLY.get(only, tuple(WAYS)), works, seed, _say)
            section, found = "mixed", comparison.run(submissions, repetitions, stock_repetitions)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    results = _read(output / FIGURES) | {section: {"machine": machine, "seed": seed, **found}}
    write_whole(output / FIGURES, json.dumps(results, indent=1) + "\n")
    click.echo(write_report(results, output))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


if __name__ == "__main__":
    main()
