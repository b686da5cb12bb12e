# exercise: to_channels_first
# kind: right
# score: 2
def to_channels_first(x):
    B, H, W, C = x.shape
    y = np.zeros((B, C, H, W))
    for b, h, w, c in np.ndindex(x.shape):
        y[b, c, h, w] = x[b, h, w, c]
    return y
