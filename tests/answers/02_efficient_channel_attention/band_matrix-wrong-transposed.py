# exercise: band_matrix
# kind: wrong
# score: 1
# says: flipped
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            if abs(i - j) <= p:
                M[i, j] = kernel[i - j + p]
    return M
