# Answers to `moving_average`, one a cell: see medians.py.

# %% right convolved
def moving_average(values, width):
    return np.convolve(values, np.ones(width), mode="valid") / width

# %% right cumulative-sums
def moving_average(values, width):
    sums = np.concatenate([[0], np.cumsum(values)])
    return (sums[width:] - sums[:-width]) / width

# %% wrong sums: 1.0, "divide by the width"
def moving_average(values, width):
    return np.convolve(values, np.ones(width), mode="valid")

# %% wrong last-window-missing: 0.5, "last window is missing"
def moving_average(values, width):
    return np.array([np.mean(values[start : start + width]) for start in range(len(values) - width)])

# %% wrong padded: 0.5, "reach beyond the data"
def moving_average(values, width):
    return np.convolve(values, np.ones(width) / width, mode="same")

# %% wrong from-the-first: 1.0, "a window moves along"
def moving_average(values, width):
    return (np.cumsum(values) / np.arange(1, len(values) + 1))[width - 1 :]

# %% wrong list: 1.75, "list"
def moving_average(values, width):
    return [np.mean(values[start : start + width]) for start in range(len(values) - width + 1)]
