"""What is asked of each graded function and how an answer is judged: one module for each notebook."""

from autograder.exercise.catalogue import Catalogue

CATALOGUE = Catalogue(
    __name__,
    {"01_averages": "averages"},  # notebook: module
    packages=("NumPy",),  # what answers may import beside Python's own library
)
