# exercise: channel_attention_forward
# kind: wrong
# score: 1
# says: compete
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    gate = e / e.sum(axis=1, keepdims=True)
    return x * gate[:, None, None, :]
