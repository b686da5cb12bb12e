# exercise: conv2d_same
# kind: right
# score: 6
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    padded = np.pad(d, [(0, 0), (p, p), (p, p), (0, 0)], mode="constant")
    windows = sliding_window_view(padded, (k, k), axis=(1, 2))  # (B, H, W, D, k, k)
    return np.einsum("bhwdij,ijd->bhw", windows, kernel)
