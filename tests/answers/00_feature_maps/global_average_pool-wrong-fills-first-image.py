# exercise: global_average_pool
# kind: wrong
# score: 1.5
# says: first image
def global_average_pool(x):
    result = np.zeros((x.shape[0], x.shape[3]))
    for b in range(x.shape[0]):
        result[b] = x[b].mean(axis=(0, 1))
        return result
