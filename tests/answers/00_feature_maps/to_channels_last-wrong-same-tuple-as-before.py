# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: other direction
def to_channels_last(x):
    return np.transpose(x, (0, 3, 1, 2))
