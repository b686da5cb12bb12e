# exercise: band_matrix
# kind: wrong
# score: 0.5
# says: axes
def band_matrix(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))[None]
