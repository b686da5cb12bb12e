# exercise: to_channels_first
# kind: right
# score: 2
def to_channels_first(x):
    sheets = [x[..., c] for c in range(x.shape[-1])]
    return np.stack(sheets, axis=1)
