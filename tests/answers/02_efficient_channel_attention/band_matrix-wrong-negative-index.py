# exercise: band_matrix
# kind: wrong
# score: 1.5
# says: negative index
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for t in range(len(kernel)):
            if i + t - p < channels:
                M[i, i + t - p] = kernel[t]
    return M
