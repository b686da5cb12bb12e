# exercise: paired_difference
# kind: right
# score: 5
from scipy import stats


def paired_difference(a, b):
    test = stats.ttest_rel(a, b)
    interval = test.confidence_interval(0.95)
    return float(np.mean(np.subtract(a, b))), float(interval.low), float(interval.high)
