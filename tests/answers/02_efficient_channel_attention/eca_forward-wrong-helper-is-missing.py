# exercise: eca_forward
# kind: wrong
# score: 0
# says: is not defined
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    gate = sigmoid(z @ band_matrix(kernel, z.shape[1]).T)
    return x * gate[:, None, None, :]
