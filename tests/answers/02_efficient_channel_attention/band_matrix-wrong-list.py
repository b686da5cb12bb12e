# exercise: band_matrix
# kind: wrong
# score: 3.75
# says: type list
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    return [[float(kernel[j - i + p]) if abs(j - i) <= p else 0.0 for j in range(channels)] for i in range(channels)]
