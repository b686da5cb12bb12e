# exercise: band_matrix
# kind: wrong
# score: 1
# says: alike
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            if abs(j - i) <= p:
                M[i, j] = kernel[abs(j - i) + p]
    return M
