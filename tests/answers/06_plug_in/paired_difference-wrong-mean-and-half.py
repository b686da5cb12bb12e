# exercise: paired_difference
# kind: wrong
# score: 0.0
# says: three numbers
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(half)
