# exercise: to_channels_first
# kind: wrong
# score: 0.75
# says: zero
def to_channels_first(x):
    y = np.zeros((x.shape[0], x.shape[3], x.shape[1], x.shape[2]))
    for c in range(x.shape[3]):
        y[:, c] == x[..., c]
    return y
