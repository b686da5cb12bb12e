# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: changes
def to_channels_last(x):
    x[x < 0] = 0
    return np.transpose(x, (0, 2, 3, 1))
