# exercise: channel_attention_forward
# kind: right
# score: 6
def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    hidden = np.maximum(a @ w1 + b1, 0) + np.maximum(m @ w1 + b1, 0)
    gate = 0.5 * (1 + np.tanh((hidden @ w2 + 2 * b2) / 2))
    return np.einsum("bhwc,bc->bhwc", x, gate)
