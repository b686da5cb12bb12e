# exercise: band_matrix
# kind: right
# score: 4
def band_matrix(kernel, channels):
    p = (len(kernel) - 1) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            if abs(j - i) <= p:
                M[i, j] = kernel[j - i + p]
    return M
