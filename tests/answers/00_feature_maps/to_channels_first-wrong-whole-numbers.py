# exercise: to_channels_first
# kind: wrong
# score: 1
# says: whole numbers
def to_channels_first(x):
    return np.transpose(x, (0, 3, 1, 2)).astype(int)
