# exercise: global_average_pool
# kind: wrong
# score: 1
# says: divide
def global_average_pool(x):
    return np.sum(x, axis=(1, 2))
