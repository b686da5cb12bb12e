# exercise: paired_difference
# kind: wrong
# score: 1.75
# says: both sides together
from scipy import stats


def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = stats.t.ppf(0.95, n - 1) * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)
