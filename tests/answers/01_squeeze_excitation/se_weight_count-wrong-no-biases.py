# exercise: se_weight_count
# kind: wrong
# score: 1.5
# says: biases are left out
def se_weight_count(channels, ratio=16, bias=True):
    return 2 * channels * (channels // ratio)
