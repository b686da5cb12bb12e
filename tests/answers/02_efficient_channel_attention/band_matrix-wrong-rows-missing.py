# exercise: band_matrix
# kind: wrong
# score: 0.5
# says: both ends are missing
def band_matrix(kernel, channels):
    k = len(kernel)
    M = np.zeros((max(channels - k + 1, 0), channels))
    for i in range(len(M)):
        M[i, i:i + k] = kernel
    return M
