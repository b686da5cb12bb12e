# exercise: band_matrix
# kind: right
# score: 4
def band_matrix(kernel, channels):
    k = kernel.size
    wide = np.zeros((channels, channels + k - 1))
    for row in range(channels):
        wide[row, row:row + k] = kernel
    return wide[:, k // 2:k // 2 + channels]
