# exercise: paired_difference
# kind: wrong
# score: 0.75
# says: b - a
def paired_difference(a, b):
    d = np.array(b) - np.array(a)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
