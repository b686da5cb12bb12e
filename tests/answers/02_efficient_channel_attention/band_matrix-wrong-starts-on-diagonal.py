# exercise: band_matrix
# kind: wrong
# score: 1
# says: middle of the kernel
def band_matrix(kernel, channels):
    return sum(w * np.eye(channels, k=t) for t, w in enumerate(kernel))
