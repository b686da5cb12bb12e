# exercise: paired_difference
# kind: right
# score: 5
def paired_difference(a, b):
    d = [float(x) - float(y) for x, y in zip(a, b)]
    n = len(d)
    mean = math.fsum(d) / n
    variance = sum((value - mean) ** 2 for value in d) / (n - 1)
    half = T_95[n - 1] * math.sqrt(variance / n)
    return mean, mean - half, mean + half
