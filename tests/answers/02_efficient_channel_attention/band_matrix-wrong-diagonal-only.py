# exercise: band_matrix
# kind: wrong
# score: 1
# says: Only the diagonal
def band_matrix(kernel, channels):
    return kernel[len(kernel) // 2] * np.eye(channels)
