# exercise: paired_difference
# kind: wrong
# score: 1.75
# says: not paired
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / n)
    return float(mean), float(mean - half), float(mean + half)
