# exercise: eca_forward
# kind: wrong
# score: 1
# says: flipped
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    a = np.stack([np.convolve(row, kernel, "same") for row in z])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
