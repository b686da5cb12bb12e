# exercise: se_forward
# kind: wrong
# score: 3.75
# says: type list
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return [image * gate for image, gate in zip(x, s)]
