# %% [markdown]
# ## Where you stand
#
# This counts the exercises whose visible checks have passed in this session. It is not your grade: grading asks more, with other inputs, and a person reads your own words.

# %% tags=["demo"]
show_progress()

# %% [markdown]
# ## Hand in
#
# 1. **Run everything from the top.** Colab: *Runtime > Restart session and run all*. JupyterLab and Binder: *Run > Restart Kernel and Run All Cells*. A run stops at the first check that fails; *Validate*, if you have that button, lists them all.
# 2. **Save** as `{{notebook}}.ipynb` and **download** it. Colab: *File > Download > Download .ipynb*. Binder: right-click the file on the left, *Download*; Binder keeps nothing.
# 3. **Hand in** that one file on your course's page. Unfinished work counts too: each exercise is graded by itself.
#
# Keep the function names: the grader finds answers by them. Added cells do not matter. Grading has Python's own library, NumPy, SciPy, TensorFlow, Keras, matplotlib and scikit-learn, and no other packages: an import of another one costs nothing, but code that uses it cannot be graded.
#
# If you study alone, [install the course]({{course}}), run `%load_ext autograder`, then `%check` in the next cell: your functions meet every check that a class is graded with. In a terminal: `autograder check {{notebook}}.ipynb`.
