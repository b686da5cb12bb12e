# exercise: channel_pool
# kind: wrong
# score: 1.5
# says: values are wrong
def channel_pool(x):
    red, green, blue = x[..., 0], x[..., 1], x[..., 2]
    mean = (red + green + blue) / 3
    largest = np.maximum(np.maximum(red, green), blue)
    return np.stack([mean, largest], axis=-1)
