# %% right covariance
def paired_difference(a, b):
    # var(a - b) = var(a) + var(b) - 2 cov(a, b)
    n = len(a)
    table = np.cov(a, b)
    error = math.sqrt(max(table[0, 0] + table[1, 1] - 2 * table[0, 1], 0) / n)
    mean = float(np.mean(a) - np.mean(b))
    return tuple(float(mean + k * T_95[n - 1] * error) for k in (0, -1, 1))

# %% right pure-python
def paired_difference(a, b):
    d = [float(x) - float(y) for x, y in zip(a, b)]
    n = len(d)
    mean = math.fsum(d) / n
    variance = sum((value - mean) ** 2 for value in d) / (n - 1)
    half = T_95[n - 1] * math.sqrt(variance / n)
    return mean, mean - half, mean + half

# %% right scipy
from scipy import stats


def paired_difference(a, b):
    test = stats.ttest_rel(a, b)
    interval = test.confidence_interval(0.95)
    return float(np.mean(np.subtract(a, b))), float(interval.low), float(interval.high)

# %% right statistics-module
import statistics


def paired_difference(a, b):
    d = np.subtract(a, b).tolist()
    error = statistics.stdev(d) / len(d) ** 0.5
    low, high = (statistics.mean(d) + sign * T_95[len(d) - 1] * error for sign in (-1, 1))
    return (statistics.mean(d), low, high)

# %% right straight
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n = len(d)
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(d.mean()), float(d.mean() - half), float(d.mean() + half)

# %% right table-to-three-digits
def paired_difference(a, b):
    t = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228][len(a) - 2]
    d = np.asarray(a) - np.asarray(b)
    error = np.sqrt(np.sum((d - d.mean()) ** 2) / (len(d) - 1) / len(d))
    return d.mean().item(), (d.mean() - t * error).item(), (d.mean() + t * error).item()

# %% right named-tuple, like right straight
# + from collections import namedtuple
# +
# + Interval = namedtuple("Interval", "mean low high")
# +
# +
#   def paired_difference(a, b):

# -     return float(d.mean()), float(d.mean() - half), float(d.mean() + half)
# +     return Interval(float(d.mean()), float(d.mean() - half), float(d.mean() + half))

# %% wrong always-five: 3, "always that of five"
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = 2.776 * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)

# %% wrong divided-by-n: 1.75, "instead of the square root", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * d.std(ddof=1) / n

# %% wrong n-degrees: 1.75, "n - 1", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n] * d.std(ddof=1) / np.sqrt(n)

# %% wrong no-root-n: 1.75, "square root", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * d.std(ddof=1)

# %% wrong normal: 1.75, "normal distribution", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = 1.96 * d.std(ddof=1) / np.sqrt(n)

# %% wrong not-paired: 1.75, "not paired", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / n)

# %% wrong two-groups: 1.75, "not paired", like wrong always-five
# + from scipy import stats
# +
# +
#   def paired_difference(a, b):

# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     interval = stats.ttest_ind(a, b).confidence_interval(0.95)
# +     half = (interval.high - interval.low) / 2

# %% wrong twice-the-width: 1.75, "hand case is wrong", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = 2 * T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)

# %% wrong half-the-width: 1.75, "hand case is wrong", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n) / 2

# %% wrong degrees-of-two-groups: 1.75, "which of its parts", like wrong always-five
# + from scipy import stats
# +
# +
#   def paired_difference(a, b):

# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = stats.t.ppf(0.975, 2 * n - 2) * d.std(ddof=1) / np.sqrt(n)

# %% wrong degrees-too-few: 1.75, "which of its parts", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 2] * d.std(ddof=1) / np.sqrt(n)

# %% wrong median: 0.75, "not the mean", like wrong always-five
# -     n, mean = len(d), d.mean()
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     n, mean = len(d), np.median(d)
# +     half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)

# %% wrong population-deviation: 1.75, "divides by n", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * d.std() / np.sqrt(n)

# %% wrong standard-error: 1.75, "one standard error", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = d.std(ddof=1) / np.sqrt(n)

# %% wrong variance: 1.75, "variance", like wrong always-five
# -     half = 2.776 * d.std(ddof=1) / np.sqrt(n)
# +     half = T_95[n - 1] * d.var(ddof=1) / np.sqrt(n)

# %% wrong array: 4.5, "ndarray"
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return np.array([mean, mean - half, mean + half])

# %% wrong half-widths: 1.75, "half the width", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return float(mean), float(-half), float(half)

# %% wrong high-before-low: 1.75, "exchanged", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return float(mean), float(mean + half), float(mean - half)

# %% wrong list: 4.5, "list", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return [float(mean), float(mean - half), float(mean + half)]

# %% wrong low-first: 0.75, "mean, low, high", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return float(mean - half), float(mean), float(mean + half)

# %% wrong mean-and-half: 0, "three numbers", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return float(mean), float(half)

# %% wrong numpy-floats: 4.5, "float64", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return mean, mean - half, mean + half

# %% wrong ends-in-a-tuple: 0, "type tuple", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return float(mean), (float(mean - half), float(mean + half))

# %% wrong mean-in-a-tuple: 0, "type tuple", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return (float(mean),), float(mean - half), float(mean + half)

# %% wrong per-seed: 0, "array", like wrong array
# -     return np.array([mean, mean - half, mean + half])
# +     return d, d - half, d + half

# %% wrong absolute: 1.5, "absolute"
def paired_difference(a, b):
    d = np.abs(np.array(a) - np.array(b))
    n, mean = len(d), d.mean()
    half = T_95[n - 1] * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)

# %% wrong b-minus-a: 0.75, "b - a", like wrong absolute
# -     d = np.abs(np.array(a) - np.array(b))
# +     d = np.array(b) - np.array(a)

# %% wrong lists-subtracted: 2.75, "list", like wrong absolute
# -     d = np.abs(np.array(a) - np.array(b))
# +     d = a - b

# %% wrong sorted: 2.5, "of five runs is wrong", like wrong absolute
# -     d = np.abs(np.array(a) - np.array(b))
# +     d = np.sort(a) - np.sort(b)

# %% wrong in-place: 4.75, "changes"
def paired_difference(a, b):
    a, b = np.asarray(a), np.asarray(b)
    a -= b
    half = T_95[len(a) - 1] * a.std(ddof=1) / np.sqrt(len(a))
    return float(a.mean()), float(a.mean() - half), float(a.mean() + half)

# %% wrong ninety-percent: 1.75, "both sides together"
from scipy import stats


def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    n, mean = len(d), d.mean()
    half = stats.t.ppf(0.95, n - 1) * d.std(ddof=1) / np.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)

# %% wrong not-written: 0, "not written"
def paired_difference(a, b):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong prints: 0, "None"
def paired_difference(a, b):
    d = np.array(a) - np.array(b)
    half = T_95[len(d) - 1] * d.std(ddof=1) / np.sqrt(len(d))
    print(f"{d.mean():.3f} +- {half:.3f}")
