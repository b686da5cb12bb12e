# exercise: global_average_pool
# kind: wrong
# score: 1
# says: H * W
def global_average_pool(x):
    B, H, W, C = x.shape
    total = x.sum(axis=1).sum(axis=1)
    return total / H
