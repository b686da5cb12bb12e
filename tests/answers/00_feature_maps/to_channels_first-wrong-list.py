# exercise: to_channels_first
# kind: wrong
# score: 1.75
# says: type list
def to_channels_first(x):
    return np.moveaxis(x, 3, 1).tolist()
