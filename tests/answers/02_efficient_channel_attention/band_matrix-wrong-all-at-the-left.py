# exercise: band_matrix
# kind: wrong
# score: 1
# says: left end
def band_matrix(kernel, channels):
    M = np.zeros((channels, channels))
    M[:, :len(kernel)] = kernel
    return M
