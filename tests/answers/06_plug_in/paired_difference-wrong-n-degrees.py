# exercise: paired_difference
# kind: wrong
# score: 1.75
# says: n - 1
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = T_95[n] * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
