# Answers to `medians`, one per cell: "right NAME", or "wrong NAME: SCORE" with words that the student reads.

# %% right sorted
def medians(table):
    ordered = np.sort(table, axis=0)
    n = len(table)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2

# %% right column-by-column
def medians(table):
    found = []
    for column in table.T:
        column = sorted(column)
        middle = len(column) // 2
        found.append(column[middle] if len(column) % 2 else (column[middle - 1] + column[middle]) / 2)
    return np.array(found)

# %% wrong not-sorted: 1.0, "not sorted"
def medians(table):
    n = len(table)
    return (table[(n - 1) // 2] + table[n // 2]) / 2

# %% wrong upper-middle: 2.0, "their mean"
def medians(table):
    return np.sort(table, axis=0)[len(table) // 2]

# %% wrong means: 1.0, "These are means"
def medians(table):
    return table.mean(axis=0)

# %% wrong of-the-rows: 0.5, "medians of the rows"
def medians(table):
    return np.median(table, axis=1)

# %% wrong rows-sorted-by-the-first: 1.0, "order of its own"
def medians(table):
    table, n = table[np.argsort(table[:, 0])], len(table)
    return (table[(n - 1) // 2] + table[n // 2]) / 2

# %% wrong in-place: 2.75, "changes what it was given"
def medians(table):
    table.sort(axis=0)
    n = len(table)
    return (table[(n - 1) // 2] + table[n // 2]) / 2

# %% wrong not-written: 0.0, "not written yet"
def medians(table):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
