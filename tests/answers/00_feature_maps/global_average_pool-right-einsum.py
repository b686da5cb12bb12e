# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    B, H, W, C = x.shape
    return np.einsum("bhwc->bc", x) / (H * W)
