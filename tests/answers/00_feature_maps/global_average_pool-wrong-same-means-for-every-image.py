# exercise: global_average_pool
# kind: wrong
# score: 1.5
# says: each image
def global_average_pool(x):
    means = x.mean(axis=(0, 1, 2))
    return np.tile(means, (x.shape[0], 1))
