# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: other direction
def to_channels_first(x):
    return np.transpose(x, (0, 2, 3, 1))
