"""nbgrader's settings that every course needs: one call in its nbgrader_config.py, before the course's own."""

from __future__ import annotations

from nbconvert.preprocessors import TagRemovePreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LimitOutput,
    LockCells,
    OverwriteKernelspec,
    SaveCells,
)
from traitlets.config import Config

from . import nbgrader_autograde
from .feedback.exporter import FeedbackExporter
from .formgrader import guard
from .grading.judging import Judge
from .grading.run import Run
from .intake.names import ZIP_COLLECT_PATTERN
from .rebuild.rebuild import Rebuild
from .record import new_gradebook
from .record.hand_grades import SaveGrades


def set_up(c: Config) -> None:
    """Let nbgrader's own commands, formgrader's buttons and `autograder` take the same steps, so that they grade alike.

    What a course sets differently comes after this call.
    """
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "notebooks"
    # nbgrader copies whatever is beside a notebook: the text source holds the solutions and must stay behind.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.py", "*.pyc"]

    new_gradebook.install()

    # --- from Canvas or Moodle to a submission ---
    # For plain `nbgrader zip_collect`. `autograder collect` tells apart what one pattern cannot: docs/lms.md.
    c.FileNameCollectorPlugin.named_regexp = ZIP_COLLECT_PATTERN
    c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".zip"]

    # --- from the walkthrough to what a student opens ---
    c.TagRemovePreprocessor.enabled = True
    c.TagRemovePreprocessor.remove_cell_tags = {"instructor"}
    c.ClearSolutions.code_stub = {
        "python": 'raise NotImplementedError("Your turn: write this function, then run this cell again.")'
    }
    c.ClearSolutions.text_stub = "*Write your answer here.*"
    # The locked helper cell has a hidden part too: it gives the test cells `judge`.
    c.ClearHiddenTests.enforce_metadata = False
    c.GenerateAssignment.preprocessors = [
        TagRemovePreprocessor,
        LockCells,
        ClearSolutions,
        ClearOutput,
        CheckCellMetadata,
        ComputeChecksums,
        SaveCells,
        ClearHiddenTests,
        ComputeChecksums,
        CheckCellMetadata,
    ]

    # --- from a submission to a grade ---
    c.Execute.timeout = 300  # nbgrader's own, if you use it in the place of Run: it runs the demonstrations too
    # nbgrader's own commands take the files that `autograder grade` takes, whatever they are called.
    nbgrader_autograde.install()
    c.Autograde.exporter_class = nbgrader_autograde.SubmissionExporter
    # Without CheckCellMetadata: Rebuild takes all metadata from the walkthrough, which was checked when it was built.
    c.Autograde.sanitize_preprocessors = [Rebuild, ClearOutput, OverwriteKernelspec]
    c.Autograde.autograde_preprocessors = [Run, Judge, LimitOutput, SaveGrades, AssignLatePenalties]

    # --- from a grade to what a student reads ---
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = []  # the exporter reads the grades itself

    # --- where an instructor looks at it ---
    guard()  # formgrader's pages run nbgrader's scripts and no others
