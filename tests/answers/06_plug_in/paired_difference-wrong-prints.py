# exercise: paired_difference
# kind: wrong
# score: 0.0
# says: None
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    half = T_95[len(d) - 1] * d.std(ddof=1) / np.sqrt(len(d))
    print(f"{d.mean():.3f} +- {half:.3f}")
