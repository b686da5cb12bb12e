# exercise: global_average_pool
# kind: wrong
# score: 0
# says: not written
def global_average_pool(x):
    """Average each channel of x (B, H, W, C) over its positions. Returns (B, C)."""
    # Average over the rows and the columns; keep images apart and channels apart.
    raise NotImplementedError("Your turn")
