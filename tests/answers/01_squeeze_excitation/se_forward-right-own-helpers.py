# exercise: se_forward
# kind: right
# score: 4
def pool(x):
    return np.einsum("bhwc->bc", x) / (x.shape[1] * x.shape[2])


def layer(values, weights, bias, function):
    return function(values @ weights + bias)


def se_forward(x, w1, b1, w2, b2):
    gate = layer(pool(x), w1, b1, lambda t: np.maximum(t, 0))
    gate = layer(gate, w2, b2, lambda t: 1 / (1 + np.exp(-t)))
    return np.einsum("bhwc,bc->bhwc", x, gate)
