# exercise: band_matrix
# kind: wrong
# score: 1
# says: flipped
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    rows = [np.convolve(unit, kernel)[p:p + channels] for unit in np.eye(channels)]
    return np.array(rows).T
