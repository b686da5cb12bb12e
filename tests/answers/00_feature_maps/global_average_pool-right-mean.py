# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    """Average each channel of x (B, H, W, C) over its positions. Returns (B, C)."""
    return np.mean(x, axis=(1, 2))
