# exercise: paired_difference
# kind: wrong
# score: 4.75
# says: changes
def paired_difference(a, b):
    a, b = np.asarray(a), np.asarray(b)
    a -= b
    half = T_95[len(a) - 1] * a.std(ddof=1) / np.sqrt(len(a))
    return float(a.mean()), float(a.mean() - half), float(a.mean() + half)
