# exercise: band_matrix
# kind: wrong
# score: 2
# says: whole numbers
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels), dtype=int)
    for i in range(channels):
        for j in range(channels):
            if abs(j - i) <= p:
                M[i, j] = kernel[j - i + p]
    return M
