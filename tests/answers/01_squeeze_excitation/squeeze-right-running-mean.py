# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    z = np.zeros_like(x[:, 0, 0, :])
    seen = 0
    for row in range(x.shape[1]):
        for column in range(x.shape[2]):
            seen += 1
            z += (x[:, row, column] - z) / seen
    return z
