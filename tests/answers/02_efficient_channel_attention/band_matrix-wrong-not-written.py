# exercise: band_matrix
# kind: wrong
# score: 0
# says: not written
def band_matrix(kernel, channels):
    raise NotImplementedError
