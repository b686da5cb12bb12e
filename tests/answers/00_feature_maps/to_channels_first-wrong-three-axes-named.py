# exercise: to_channels_first
# kind: wrong
# score: 0
# says: raised ValueError
def to_channels_first(x):
    return np.transpose(x, (2, 0, 1))
