# exercise: band_matrix
# kind: wrong
# score: 3.5
# says: raised
def band_matrix(kernel, channels):
    k = len(kernel)
    assert k <= channels, "the kernel is too wide"
    return sum(w * np.eye(channels, k=t - k // 2) for t, w in enumerate(kernel))
