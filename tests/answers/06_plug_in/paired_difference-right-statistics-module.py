# exercise: paired_difference
# kind: right
# score: 5
import statistics


def paired_difference(a, b):
    d = np.subtract(a, b).tolist()
    error = statistics.stdev(d) / len(d) ** 0.5
    low, high = (statistics.mean(d) + sign * T_95[len(d) - 1] * error for sign in (-1, 1))
    return (statistics.mean(d), low, high)
