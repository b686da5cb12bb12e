# exercise: paired_difference
# kind: wrong
# score: 3.0
# says: always that of five
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = 2.776 * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
