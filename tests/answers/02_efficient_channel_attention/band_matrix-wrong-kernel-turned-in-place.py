# exercise: band_matrix
# kind: wrong
# score: 3.75
# says: changes what it was given
def band_matrix(kernel, channels):
    kernel[:] = kernel[::-1].copy()
    p = len(kernel) // 2
    return sum(w * np.eye(channels, k=p - t) for t, w in enumerate(kernel))
