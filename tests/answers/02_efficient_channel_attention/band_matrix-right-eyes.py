# exercise: band_matrix
# kind: right
# score: 4
def band_matrix(kernel, channels):
    middle = len(kernel) // 2
    return sum(w * np.eye(channels, k=t - middle) for t, w in enumerate(kernel))
