# exercise: band_matrix
# kind: wrong
# score: 1
# says: holds ones
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    places = np.arange(channels)
    return (np.abs(places[:, None] - places) <= p).astype(float)
