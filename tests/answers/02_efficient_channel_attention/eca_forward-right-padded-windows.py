# exercise: eca_forward
# kind: right
# score: 4
def eca_forward(x, kernel):
    p = kernel.size // 2
    z = np.pad(x.mean((1, 2)), ((0, 0), (p, p)))
    windows = np.lib.stride_tricks.sliding_window_view(z, kernel.size, axis=1)
    gate = 0.5 * (1 + np.tanh(windows @ kernel / 2))
    return np.einsum("bhwc,bc->bhwc", x, gate)
