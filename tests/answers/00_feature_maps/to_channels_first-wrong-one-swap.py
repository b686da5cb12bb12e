# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: Height and width
def to_channels_first(x):
    return np.swapaxes(x, 1, 3)
