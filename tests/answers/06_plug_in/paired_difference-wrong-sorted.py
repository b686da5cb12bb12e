# exercise: paired_difference
# kind: wrong
# score: 2.5
# says: of five runs is wrong
def paired_difference(a, b):
    d = np.sort(a) - np.sort(b)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
