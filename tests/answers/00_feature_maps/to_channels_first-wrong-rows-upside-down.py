# exercise: to_channels_first
# kind: wrong
# score: 0.75
# says: values are wrong
def to_channels_first(x):
    return np.moveaxis(x[:, ::-1], -1, 1)
