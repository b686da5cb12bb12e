# exercise: excite
# kind: right
# score: 5
import sys
import warnings

calls = []


def excite(z, w1, b1, w2, b2):
    calls.append(z.shape)
    print("call number", len(calls))
    warnings.warn("overflow may follow")
    hidden = np.maximum(0, z.dot(w1) + b1)
    print(hidden, file=sys.stderr)
    return np.reciprocal(1 + np.exp(-1 * (hidden.dot(w2) + b2)))
