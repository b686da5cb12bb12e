# exercise: global_average_pool
# kind: wrong
# score: 2.75
# says: type list
def global_average_pool(x):
    return np.mean(x, axis=(1, 2)).tolist()
