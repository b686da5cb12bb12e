# %% [markdown]
# ## Where you stand
#
# The next cell counts the exercises whose visible checks have passed in this session. This total is not your grade: grading asks each function more, with other inputs. The questions in your own words are read by a person.

# %% tags=["demo"]
show_progress()

# %% [markdown]
# ## Hand in
#
# 1. **Run everything from the top**, to be sure that no cell needs one below it. Colab: *Runtime > Restart session and run all*. JupyterLab and Binder: *Run > Restart Kernel and Run All Cells*. A run stops at the first check that fails. If there is a *Validate* button above the notebook, it runs everything and lists every check that fails.
# 2. **Save.** The file must be called `{{notebook}}.ipynb`.
# 3. **Download it.** Colab: *File > Download > Download .ipynb*. Binder: right-click the file in the list on the left, then *Download*, before you close the page: Binder keeps nothing.
# 4. **Hand in** that one file on your course's page.
#
# Unfinished work may be handed in: each exercise is graded by itself. Keep the names of the functions, your answers are found by them. Cells that you added, and what Colab adds to the file, do not matter. Grading has Python's own library, NumPy, SciPy, TensorFlow, Keras, matplotlib and scikit-learn, and no other packages: an import of another one costs nothing, but code that uses it cannot be graded.
#
# If you study alone: [install the course]({{course}}). Then run `%load_ext autograder` in a new cell and `%check` in the next: your functions meet every check that a class is graded with. In a terminal, `autograder check {{notebook}}.ipynb` does the same.
