# exercise: eca_forward
# kind: wrong
# score: 0
# says: raised
def eca_forward(x, kernel):
    a = np.stack([np.correlate(row, kernel, "valid") for row in x.mean(axis=(1, 2))])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
