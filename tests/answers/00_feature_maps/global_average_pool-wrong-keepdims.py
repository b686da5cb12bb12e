# exercise: global_average_pool
# kind: wrong
# score: 0.5
# says: axes of size 1
def global_average_pool(x):
    return np.mean(x, axis=(1, 2), keepdims=True)
