# exercise: to_channels_last
# kind: wrong
# score: 0.75
# says: values are wrong
def to_channels_last(x):
    return np.stack([x[:, 0]] * x.shape[1], axis=-1)
