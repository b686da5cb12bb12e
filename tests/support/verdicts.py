"""What a solved notebook gets, once some of it was changed."""

from __future__ import annotations

import nbformat
from nbconvert.exporters.exporter import ResourcesDict

from autograder import cells
from autograder.course import Course
from autograder.grading.judging import Judge
from autograder.grading.run import Run
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from tests.support.course import ROOT, solved
from tests.support.submissions import fill_in

NAME = "00_feature_maps"
COURSE = Course(ROOT)
MB = 2**20
RIGHT = {
    "global_average_pool": "x.mean(axis=(1, 2))",
    "channel_pool": "numpy.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)",
}


def answer(*lines: str, exercise: str = "global_average_pool") -> dict:
    """A right answer to one of the first two exercises that does something else first."""
    body = (*lines, "import numpy", "x = numpy.asarray(x)", f"return {RIGHT[exercise]}")
    return {exercise: f"def {exercise}(x):\n" + "".join(f"    {line}\n" for line in body)}


def verdicts(answers: dict, *arguments, **keywords) -> dict:
    """The verdicts on a solved notebook that was changed as `graded` says."""
    return {verdict.id: verdict for verdict in graded(answers, *arguments, **keywords)["verdicts"]}


def graded(
    answers: dict,
    name: str = NAME,
    extra: str = "",
    remove: tuple[str, ...] = (),
    before: str | tuple[str, ...] = (),
    trust: bool = False,
    on_answers=None,
    **limits,
) -> ResourcesDict:
    """What grading says of a solved notebook with some answers replaced, cells added, answer cells removed, other
    limits."""
    source, release = instructor_notebooks(COURSE, name)
    submitted = fill_in(release, solved(name) | answers)
    submitted.cells = [cell for cell in submitted.cells if cells.grade_id(cell) not in remove]
    before = (before,) if isinstance(before, str) else before
    submitted.cells[:0] = [nbformat.v4.new_code_cell(source) for source in before]
    if extra:
        submitted.cells.append(nbformat.v4.new_code_cell(extra))
    notebook, missing, notes = rebuild(submitted, source, release)
    notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
    config = COURSE.config()
    config.Limits.update(limits)
    config.Run.trust_submissions = trust
    config.Run.on_answers = on_answers
    resources = ResourcesDict(nbgrader={"notebook": name, "student": "someone"}, metadata={})
    for step in (Run, Judge):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return resources
