# exercise: band_matrix
# kind: wrong
# score: 1
# says: ring
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for t in range(len(kernel)):
            M[i, (i + t - p) % channels] += kernel[t]
    return M
