# exercise: channel_attention_forward
# kind: wrong
# score: 5.25
# says: never goes below zero
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    m = np.zeros((x.shape[0], x.shape[3]))
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            m = np.maximum(m, x[:, i, j])
    a = x.mean(axis=(1, 2))
    gate = sigmoid(mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2))
    return x * gate[:, None, None, :]
