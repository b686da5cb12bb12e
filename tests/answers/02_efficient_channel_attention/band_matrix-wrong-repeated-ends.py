# exercise: band_matrix
# kind: wrong
# score: 1
# says: repeated
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for t in range(len(kernel)):
            j = min(max(i + t - p, 0), channels - 1)
            M[i, j] += kernel[t]
    return M
