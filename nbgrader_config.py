"""The course as nbgrader sees it: solutions -> notebooks -> submitted -> autograded -> feedback.

`nbgrader autograde`, formgrader's button and `autograder grade` all read this file, so they grade alike.
"""

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
    SaveAutoGrades,
    SaveCells,
)

from autograder import nbgrader_autograde
from autograder.feedback.exporter import FeedbackExporter
from autograder.formgrader import guard
from autograder.grading.judging import Judge
from autograder.grading.run import Run
from autograder.intake.names import ZIP_COLLECT_PATTERN
from autograder.rebuild.rebuild import Rebuild

c = get_config()  # noqa: F821 - given by the loader of this file

c.CourseDirectory.course_id = "attention"
c.Course.exercises = "attention_course.exercises"  # the package that says what is asked and how it is judged
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# nbgrader copies whatever stands beside a notebook: the text source holds the solutions and must stay behind.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.py", "*.pyc"]

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
# Submissions run in a sandbox; where there is none, grading refuses. To run them with your own rights instead:
# c.Run.trust_submissions = True
# What a submission may use, for instance (all of them, with their defaults: autograder/sandbox/limits.py):
# c.Limits.cell_seconds = 30
c.Execute.timeout = 300  # nbgrader's own, if you use it in the place of Run: it runs the demonstrations too
# nbgrader's own commands take the files that `autograder grade` takes, whatever they are called.
nbgrader_autograde.install()
c.Autograde.exporter_class = nbgrader_autograde.SubmissionExporter
# Without CheckCellMetadata: Rebuild takes all metadata from the walkthrough, which was checked when it was built.
c.Autograde.sanitize_preprocessors = [Rebuild, ClearOutput, OverwriteKernelspec]
c.Autograde.autograde_preprocessors = [Run, Judge, LimitOutput, SaveAutoGrades, AssignLatePenalties]

# --- from a grade to what a student reads ---
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = []  # the exporter reads the grades itself

# --- where an instructor looks at it ---
guard()  # formgrader's pages run nbgrader's scripts and no others
