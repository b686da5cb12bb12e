# exercise: channel_attention_forward
# kind: right
# score: 6
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    both = np.concatenate([np.mean(x, (1, 2)), np.max(x, (1, 2))], axis=0)
    first, second = np.split(mlp(both, w1, b1, w2, b2), 2)
    return x * sigmoid(first + second).reshape(len(x), 1, 1, -1)
