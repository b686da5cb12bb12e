# exercise: to_channels_last
# kind: right
# score: 2
def to_channels_last(x):
    return np.einsum("bchw->bhwc", x)
