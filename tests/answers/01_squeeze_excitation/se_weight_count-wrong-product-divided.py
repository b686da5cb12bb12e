# exercise: se_weight_count
# kind: wrong
# score: 2.5
# says: product
def se_weight_count(channels, ratio=16, bias=True):
    matrices = 2 * channels ** 2 // ratio
    biases = channels // ratio + channels
    return matrices + biases if bias else matrices
