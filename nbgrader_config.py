"""The course as nbgrader sees it: solutions -> notebooks -> submitted -> autograded -> feedback.

`nbgrader autograde`, formgrader's button and `autograder grade` all read this file, so they grade alike.
"""

from autograder.nbgrader_settings import set_up

c = get_config()  # noqa: F821 - given by the loader of this file
set_up(c)

c.CourseDirectory.course_id = "attention"
c.Course.exercises = "attention_course.exercises"  # the package that says what is asked and how it is judged
c.Course.repository = "attention-course/attention-course"  # OWNER/NAME: badges and links follow from it

# What stands on the site and in the students' README.
c.Course.title = "Channel and spatial attention"
c.Course.about = (
    "You derive squeeze-and-excitation, efficient channel attention and CBAM on paper, write each in NumPy, write it "
    "in Keras 3, and measure what it costs."
)
c.Course.needs = "You need Python, NumPy and a first Keras model."
c.Course.licence = "Code: [Apache-2.0](LICENSE). Text and figures: [CC BY 4.0](LICENSE-CC-BY-4.0)."

# The module that people import into their own work: the site has a page of its docstrings.
c.Course.api = "attention_course.layers"

# What the notebooks import is imported once, before any submission runs: each gets it without waiting. Of a package
# that starts threads when it is imported, nothing can be named here. NAME=VALUE is a variable of the environment for
# the packages behind it: what the notebooks' first cell sets comes too late for them here.
c.Course.preload = [
    "TF_ENABLE_ONEDNN_OPTS=0",
    "keras",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "matplotlib_inline.config",
    "tensorflow",
]

# Of a student's several attempts the last counts, unless the best is to:
# c.Course.attempt_that_counts = "best"

# Submissions run in a sandbox; where there is none, grading refuses. To run them with your own rights instead:
# c.Run.trust_submissions = True
# What a submission may use, for instance (all of them, with their defaults: autograder/sandbox/limits.py):
# c.Limits.cell_seconds = 30
