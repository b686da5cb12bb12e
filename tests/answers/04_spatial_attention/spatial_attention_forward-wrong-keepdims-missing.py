# exercise: spatial_attention_forward
# kind: wrong
# score: 0
# says: raised
def conv(d, kernel):
    p = kernel.shape[0] // 2
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    H, W = d.shape[1:3]
    return sum(padded[:, i:i + H, j:j + W] @ kernel[i, j]
               for i in range(kernel.shape[0]) for j in range(kernel.shape[1]))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def spatial_attention_forward(x, kernel):
    d = np.concatenate([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
    gate = sigmoid(conv(d, kernel))
    return x * gate[..., None]
