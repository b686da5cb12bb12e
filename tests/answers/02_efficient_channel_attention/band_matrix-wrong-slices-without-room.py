# exercise: band_matrix
# kind: wrong
# score: 0
# says: raised
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        M[i, i - p:i + p + 1] = kernel
    return M
