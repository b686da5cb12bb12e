# exercise: eca_forward
# kind: wrong
# score: 1
# says: repeated
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (p, p)), mode="edge")
    a = np.stack([np.correlate(row, kernel, "valid") for row in z])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
