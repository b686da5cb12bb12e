# exercise: channel_attention_forward
# kind: right
# score: 6
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    first = np.moveaxis(x, -1, 1)
    flat = first.reshape(first.shape[0], first.shape[1], -1)
    stack = np.stack([flat.mean(-1), flat.max(-1)], axis=1)
    gate = sigmoid(mlp(stack, w1, b1, w2, b2).sum(axis=1))
    return np.moveaxis(first * gate[:, :, None, None], 1, -1)
