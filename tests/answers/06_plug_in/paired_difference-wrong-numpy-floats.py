# exercise: paired_difference
# kind: wrong
# score: 4.5
# says: float64
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half
