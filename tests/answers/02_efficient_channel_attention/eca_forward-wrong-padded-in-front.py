# exercise: eca_forward
# kind: wrong
# score: 1
# says: middle of the kernel
def eca_forward(x, kernel):
    z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (len(kernel) - 1, 0)))
    a = np.stack([np.correlate(row, kernel, "valid") for row in z])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
