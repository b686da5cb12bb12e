# exercise: se_forward
# kind: right
# score: 4
import sys
import warnings


def se_forward(x, w1, b1, w2, b2):
    z = np.mean(x, axis=(1, 2))
    print("squeezed:", z)
    h = np.maximum(0, np.matmul(z, w1) + b1)
    warnings.warn("is the bias needed?")
    s = np.power(1 + np.exp(-(np.matmul(h, w2) + b2)), -1)
    sys.stderr.write("gates: " + repr(s) + "\n")
    s = np.reshape(s, (x.shape[0], 1, 1, x.shape[3]))
    return np.multiply(x, s)
