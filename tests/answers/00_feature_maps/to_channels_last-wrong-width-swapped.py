# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: Width and channels
def to_channels_last(x):
    return np.swapaxes(x, -1, -2)
