# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    flat = x.reshape(len(x), -1, x.shape[-1])
    return flat.sum(axis=1) / flat.shape[1]
