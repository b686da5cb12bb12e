# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: shape
def to_channels_last(x):
    return np.moveaxis(x[0], 0, -1)
