# exercise: band_matrix
# kind: right
# score: 4
def slide(z, kernel):
    p = len(kernel) // 2
    padded = np.pad(z, p)
    return np.array([padded[i:i + len(kernel)] @ kernel for i in range(len(z))])


def band_matrix(kernel, channels):
    print("building", channels)
    return np.column_stack([slide(unit, kernel) for unit in np.eye(channels)])
