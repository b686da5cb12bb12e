# exercise: channel_attention_forward
# kind: wrong
# score: 1
# says: both look at x
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    x = x * sigmoid(mlp(x.mean(axis=(1, 2)), w1, b1, w2, b2))[:, None, None, :]
    return x * sigmoid(mlp(x.max(axis=(1, 2)), w1, b1, w2, b2))[:, None, None, :]
