# exercise: paired_difference
# kind: right
# score: 5
def paired_difference(a, b):
    # var(a - b) = var(a) + var(b) - 2 cov(a, b)
    n = len(a)
    table = np.cov(a, b)
    error = math.sqrt(max(table[0, 0] + table[1, 1] - 2 * table[0, 1], 0) / n)
    mean = float(np.mean(a) - np.mean(b))
    return tuple(float(mean + k * T_95[n - 1] * error) for k in (0, -1, 1))
