# exercise: band_matrix
# kind: wrong
# score: 2
# says: values are wrong
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = kernel[p] * np.eye(channels)
    if p > 0:
        M += kernel[p - 1] * np.eye(channels, k=-1) + kernel[p + 1] * np.eye(channels, k=1)
    return M
