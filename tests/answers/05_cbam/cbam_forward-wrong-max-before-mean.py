# exercise: cbam_forward
# kind: wrong
# score: 1
# says: exchanged


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def convolve(d, kernel):
    k = kernel.shape[0]
    pad = k // 2
    padded = np.pad(d, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros(d.shape[:3])
    for i in range(k):
        for j in range(k):
            out += padded[:, i : i + d.shape[1], j : j + d.shape[2]] @ kernel[i, j]
    return out



def cbam_forward(x, w1, b1, w2, b2, kernel):
    def mlp(v):
        return np.maximum(v @ w1 + b1, 0) @ w2 + b2

    mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
    refined = x * gate
    pooled = np.stack([refined.max(axis=-1), refined.mean(axis=-1)], axis=-1)
    where = sigmoid(convolve(pooled, kernel))[..., None]
    return refined * where
