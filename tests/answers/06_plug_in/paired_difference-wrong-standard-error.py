# exercise: paired_difference
# kind: wrong
# score: 1.75
# says: one standard error
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
