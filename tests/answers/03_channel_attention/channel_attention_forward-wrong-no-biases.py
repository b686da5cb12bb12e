# exercise: channel_attention_forward
# kind: wrong
# score: 1
# says: Both biases
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    gate = sigmoid(np.maximum(a @ w1, 0) @ w2 + np.maximum(m @ w1, 0) @ w2)
    return x * gate[:, None, None, :]
