# exercise: channel_attention_forward
# kind: wrong
# score: 2
# says: before the pools
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    positive = np.maximum(x, 0)
    a, m = positive.mean(axis=(1, 2)), positive.max(axis=(1, 2))
    logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
    gate = sigmoid(logits)
    return x * gate[:, None, None, :]
