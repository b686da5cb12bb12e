# exercise: se_weight_count
# kind: right
# score: 4
def se_weight_count(channels, ratio=16, bias=True):
    width, rest = divmod(channels, ratio)
    print("rest", rest)
    total = 0
    for unit in range(width):
        total += channels + bias
    for channel in range(channels):
        total += width + bias
    return total
