# exercise: channel_attention_forward
# kind: right
# score: 6
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    out = np.zeros_like(x)
    for i in range(x.shape[0]):
        flat = x[i].reshape(-1, x.shape[-1])
        mean, largest = flat[0].copy(), flat[0].copy()
        for row in flat[1:]:
            mean += row
            largest = np.where(row > largest, row, largest)
        logits = mlp(mean / len(flat), w1, b1, w2, b2) + mlp(largest, w1, b1, w2, b2)
        out[i] = x[i] * sigmoid(logits)
    return out
