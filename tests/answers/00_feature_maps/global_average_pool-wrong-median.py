# exercise: global_average_pool
# kind: wrong
# score: 1
# says: median
def global_average_pool(x):
    return np.median(x, axis=(1, 2))
