# exercise: to_channels_last
# kind: right
# score: 2
def to_channels_last(x):
    B, C, H, W = x.shape
    y = np.empty((B, H, W, C))
    for c in range(C):
        y[:, :, :, c] = x[:, c]
    return y
