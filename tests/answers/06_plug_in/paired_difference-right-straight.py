# exercise: paired_difference
# kind: right
# score: 5
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n = len(d)
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(d.mean()), float(d.mean() - half), float(d.mean() + half)
