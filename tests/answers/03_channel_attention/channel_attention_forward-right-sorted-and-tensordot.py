# exercise: channel_attention_forward
# kind: right
# score: 6
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    b, h, w_, c = x.shape
    ordered = np.sort(x.reshape(b, h * w_, c), axis=1)
    a, m = np.tensordot(ordered, np.ones(h * w_) / (h * w_), axes=([1], [0])), ordered[:, -1]
    print("maxima", m)
    z = mlp(a, w1, b1, w2, b2)
    z += mlp(m, w1, b1, w2, b2)
    return x / (1 + np.exp(-z))[:, np.newaxis, np.newaxis]
