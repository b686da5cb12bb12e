"""`make bench-layers`: how fast the attention blocks are beside the same computation by others, in each framework."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import click

from autograder.files import write_whole
from benchmarks.machine import describe_machine
from benchmarks.measure import BenchError, run_measured
from benchmarks.report import LAYERS_FIGURES, LAYERS_PAGE, machine_table, table

HERE = Path(__file__).absolute().parent
# What pip installs beside our own packages. The Keras peers' own requirements would bring a second TensorFlow.
PIP = {
    "tensorflow": (
        "--no-deps",
        *("keras-hub==0.32.0", "tokenizers", "sentencepiece", "regex"),
        *("keras-cv-attention-models==1.4.3", "tf-keras==2.21.0", "ftfy", "tqdm"),
    ),
    "torch": ("torch==2.13.0", "timm==1.0.31"),
    "jax": ("jax==0.10.2",),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--repetitions", type=click.IntRange(min=1), default=7, help="Of every pair.")
@click.option("--framework", "frameworks", multiple=True, type=click.Choice(list(PIP)), default=list(PIP))
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), default=HERE, help="Folder of the results.")
def main(repetitions, frameworks, output) -> None:
    """Measure, print the tables, and write layers.json and layers.md."""
    results = {"machine": describe_machine(), "repetitions": repetitions, "frameworks": {}}
    started = time.perf_counter()
    for framework in frameworks:
        with tempfile.TemporaryDirectory(prefix="bench-layers-") as folder:
            results["frameworks"][framework] = _measure(framework, Path(folder), repetitions)
    results["seconds"] = time.perf_counter() - started
    write_whole(output / LAYERS_FIGURES, json.dumps(results, indent=1) + "\n")
    page = write_page(results)
    write_whole(output / LAYERS_PAGE, page)
    click.echo(page)


def _measure(framework: str, folder: Path, repetitions: int) -> dict:
    """What one framework's process prints. Where a step fails: the reason."""
    python = folder / "bin" / "python"
    environment = {"KERAS_BACKEND": framework, "PYTHONPATH": str(HERE.parent), "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment["TF_USE_LEGACY_KERAS"] = "1"  # kecam is written for Keras 2
    pip_failed = {}
    try:
        run_measured((sys.executable, "-m", "venv", folder), HERE)
        # Our own packages first: the same TensorFlow, Keras and NumPy for all.
        packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
        (packages / "ours.pth").write_text(sysconfig.get_path("purelib") + os.linesep)
        try:
            run_measured((python, "-m", "pip", "install", "--quiet", *PIP[framework]), HERE)
        except BenchError as error:
            pip_failed = {"pip": _last_line(error)}
        found = json.loads(run_measured((python, "-m", "benchmarks.blocks", repetitions), HERE, **environment).output)
    except BenchError as error:
        found = {"packages": {}, "missing": {framework: _last_line(error)}, "rows": []}
    return {**found, "missing": {**pip_failed, **found["missing"]}}


def _last_line(error: BenchError) -> str:
    return str(error).splitlines()[-1].strip()


def write_page(results: dict) -> str:
    about = (
        "Our time divided by the peer's: below 1 ours is faster. The two run in turn in one process, with the same "
        f"weights and equal results; median (least to greatest) of {results['repetitions']} repetitions. `literal` is "
        "the tutorial's code in Keras 3, `our convolution` our own spatial attention without its product of strips. "
        "Backward means forward and the gradients by the input and the weights. The shapes are (B, H, W, C); with timm "
        "the channels come first, and its spatial gate and ours have a norm. In milliseconds: ours, forward."
    )
    parts = ["# The layers' speed", "Made by `make bench-layers`.", about]
    for framework, found in results["frameworks"].items():
        parts.append(f"## {framework}")
        parts += [f"{name} is not in the table: {reason}" for name, reason in found["missing"].items()]
        if found["rows"]:
            parts.append(_framework_table(found["rows"]))
            parts.append(", ".join(f"{name} {version}" for name, version in found["packages"].items()))
    return "\n\n".join([*parts, "## Machine", machine_table(results["machine"])]) + "\n"


def _framework_table(rows: list[dict]) -> str:
    ways = list(rows[0]["ways"])
    lines = []
    for row in rows:
        shape = " x ".join(map(str, row["shape"]))
        figures = [f"{one['median']:.2f} ({one['min']:.2f} to {one['max']:.2f})" for one in row["ways"].values()]
        lines.append((f"{row['block']} / {row['peer']}, {shape}", *figures, f"{row['ways'][ways[0]]['ms']:.2f}"))
    return table(("ours / peer", *ways, f"ms, {ways[0]}"), lines)


if __name__ == "__main__":
    main()
