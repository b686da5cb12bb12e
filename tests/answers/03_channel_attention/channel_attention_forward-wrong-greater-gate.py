# exercise: channel_attention_forward
# kind: wrong
# score: 1
# says: greater of the two
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    gate = np.maximum(sigmoid(mlp(a, w1, b1, w2, b2)), sigmoid(mlp(m, w1, b1, w2, b2)))
    return x * gate[:, None, None, :]
