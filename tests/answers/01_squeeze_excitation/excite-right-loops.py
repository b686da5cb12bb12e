# exercise: excite
# kind: right
# score: 5
import math


def excite(z, w1, b1, w2, b2):
    images, channels = z.shape
    width = w1.shape[1]
    gate = np.zeros((images, channels))
    for i in range(images):
        hidden = []
        for m in range(width):
            total = b1[m]
            for c in range(channels):
                total += z[i, c] * w1[c, m]
            hidden.append(max(total, 0.0))
        for c in range(channels):
            total = b2[c] + sum(hidden[m] * w2[m, c] for m in range(width))
            gate[i, c] = 0.5 * (1 + math.tanh(total / 2))
    return gate
