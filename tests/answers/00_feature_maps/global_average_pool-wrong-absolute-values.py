# exercise: global_average_pool
# kind: wrong
# score: 1
# says: absolute
def global_average_pool(x):
    return np.abs(x).mean(axis=(1, 2))
