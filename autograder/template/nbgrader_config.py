"""The course's settings, for `autograder` and for nbgrader's own commands."""

from pathlib import Path

from autograder.nbgrader_settings import set_up

c = get_config()  # noqa: F821 - given by the loader of this file
set_up(c)

c.CourseDirectory.course_id = "statistics"
c.Course.exercises = "statistics_course"  # the package that says what is asked and how it is judged
c.Course.path = str(Path(__file__).parent)  # the folder that it lies in; not needed where it is installed

# The title on the site and in the students' README.
c.Course.title = "Averages by hand"
c.Course.about = "You write a median and a moving average by hand, and say when each tells the truth."
c.Course.needs = "You need Python and a first look at NumPy."

# OWNER/NAME on GitHub: with it, notebooks and README get links that open them on Colab and Binder.
# c.Course.repository = "OWNER/NAME"

# What the notebooks import beside NumPy and takes long: imported once, before any submission runs.
# c.Course.preload = ["keras", "tensorflow", "matplotlib.pyplot"]

# What a submission may use, for instance:
# c.Limits.cell_seconds = 10
