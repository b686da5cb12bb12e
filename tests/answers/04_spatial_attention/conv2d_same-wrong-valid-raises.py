# exercise: conv2d_same
# kind: wrong
# score: 1.25
# says: nothing is padded
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_same(d, kernel):
    k = kernel.shape[0]
    return np.einsum("bhwdij,ijd->bhw", sliding_window_view(d, (k, k), axis=(1, 2)), kernel)
