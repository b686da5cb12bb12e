# exercise: eca_forward
# kind: wrong
# score: 2.5
# says: wrong
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (1, 1)))
    a = kernel[p - 1] * z[:, :-2] + kernel[p] * z[:, 1:-1] + kernel[p + 1] * z[:, 2:]
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
