# exercise: se_weight_count
# kind: wrong
# score: 3.75
# says: int64
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    sizes = np.array([channels * m, m * channels, m * bias, channels * bias])
    return sizes.sum()
