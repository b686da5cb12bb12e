# exercise: to_channels_first
# kind: right
# score: 2
def to_channels_first(x):
    return np.moveaxis(x, -1, 1)
