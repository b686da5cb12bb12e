# exercise: global_average_pool
# kind: wrong
# score: 0
# says: no function named
def global_avg_pool(x):
    return np.mean(x, axis=(1, 2))
