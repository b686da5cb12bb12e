# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Two averages
#
# {{badges}}
#
# One number for many: you write two of them by hand, a median and a moving average, and see what each is good for.
#
# | part | points | minutes |
# |---|---|---|
# | reading | | {{minutes:reading}} |
# {{rows}}
# | a question in your own words | {{points:questions}} | {{minutes:questions}} |
# | **total** | **{{points}}** | **{{minutes}}** |
#
# Run the cells from top to bottom. An answer cell says what to write; the cell after it tests what you wrote.

# %%
import numpy as np

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · The value in the middle
#
# Six households earn 21, 24, 25, 27, 30 and 400 thousand a year. Their mean says 88, which none of them earns.
# Sort them, and the two in the middle are 25 and 27: the **median** is their mean, 26. With an odd number there is one value in the middle.

# %% tags=["demo"]
incomes = np.array([21, 24, 25, 27, 30, 400])
print(f"mean {incomes.mean():.1f}, median {np.median(incomes):.1f}")

# %% [markdown]
# ### Exercise · `medians`
# **{{worth:medians}}**
#
# In: `table`, a NumPy array of shape (n, k), n measurements of k things. Out: a NumPy array of shape (k,), the median of each column.
# Write it without `np.median`; the table stays as it was.

# %% answer="medians" minutes=10
def medians(table):
    """The median of each column of table (n, k). Returns (k,)."""
    ### BEGIN SOLUTION
    ordered = np.sort(table, axis=0)
    n = len(table)
    if n % 2 == 1:
        return ordered[n // 2]
    return (ordered[n // 2 - 1] + ordered[n // 2]) / 2
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Put each column in order, then look at its middle.</details>
# <details><summary>Hint: nearly code</summary><code>np.sort(table, axis=?)</code> gives a sorted copy.</details>

# %% check="medians"
table = np.array([[3.0, 10.0], [1.0, 30.0], [2.0, 20.0]])
assert np.shape(medians(table)) == (2,), "one number for each column"
assert np.allclose(medians(table), [2, 20]), "sort each column; the value in the middle is its median"
assert np.allclose(medians(table[:2]), [2, 20]), "two values: their mean"
print("medians: all visible checks passed")

# %% [markdown]
# ## 2 · An average that moves
#
# A series of measurements jumps up and down. The mean of each value with its neighbours is smoother: of 4, 1, 7, 10 the means of three are 4 and 6.

# %% [markdown]
# ### Exercise · `moving_average`
# **{{worth:moving_average}}**
#
# In: `values`, shape (n,), and `width`, at most n. Out: a NumPy array of shape (n - width + 1,), the mean of every `width` neighbours, from left to right.

# %% answer="moving_average" minutes=10
def moving_average(values, width):
    """The mean of every `width` neighbours in values (n,). Returns (n - width + 1,)."""
    ### BEGIN SOLUTION
    return np.convolve(values, np.ones(width) / width, mode="valid")
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>A window of the given width moves along by one value at a time. How often does it fit?</details>

# %% check="moving_average"
series = np.array([4.0, 1.0, 7.0, 10.0])
assert np.shape(moving_average(series, 3)) == (2,), "four values have two windows of three"
assert np.allclose(moving_average(series, 3), [4, 6]), "the mean of 4, 1, 7, then of 1, 7, 10"
print("moving_average: all visible checks passed")

# %% [markdown]
# ## 3 · In your own words
#
# A town reports the *mean* income of its households, a newspaper their *median*. In one year the mean rises by a fifth and the median stays. What may have happened, and which number says more about a household like any other? **{{worth:which-average}}**

# %% [markdown] question="which-average" points=2 minutes=5
# ### BEGIN SOLUTION
# A few households became much richer, and the one in the middle earns what it earned before: the mean counts how far the largest values lie, the median only their order. The median says more about a household like any other.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:which-average}} points.** 1 point: a few large values pull the mean up, and not the median. 1 point: the median, with a reason.
