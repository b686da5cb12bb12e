# exercise: global_average_pool
# kind: wrong
# score: 1
# says: ReLU
def global_average_pool(x):
    x = np.where(x > 0, x, 0)
    return x.mean(axis=(1, 2))
