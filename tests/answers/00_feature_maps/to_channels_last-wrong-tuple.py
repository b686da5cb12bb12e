# exercise: to_channels_last
# kind: wrong
# score: 0
# says: tuple
def to_channels_last(x):
    y = np.moveaxis(x, 1, -1)
    return y, y.shape
