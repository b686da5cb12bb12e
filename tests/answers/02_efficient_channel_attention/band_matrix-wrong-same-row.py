# exercise: band_matrix
# kind: wrong
# score: 1
# says: Every row is the same
def band_matrix(kernel, channels):
    row = np.zeros(channels)
    half = kernel[len(kernel) // 2:]
    row[:len(half)] = half[:channels]
    return np.tile(row, (channels, 1))
