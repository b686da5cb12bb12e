# exercise: se_weight_count
# kind: right
# score: 4
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    shapes = [(channels, m), (m, channels)]
    if bias:
        shapes += [(m,), (channels,)]
    return int(sum(np.prod(shape) for shape in shapes))
