# exercise: eca_forward
# kind: right
# score: 4
def eca_forward(x, kernel):
    z = x.reshape(x.shape[0], -1, x.shape[3]).mean(axis=1)
    a = np.stack([np.convolve(row, kernel[::-1], "same") for row in z])
    gate = 1 / (1 + np.exp(-a))
    return x * gate.reshape(len(x), 1, 1, -1)
