# exercise: cbam_forward
# kind: right
# score: 5


def channel_half(x, w1, b1, w2, b2):
    hidden = sum(np.clip(np.einsum("bc,cm->bm", v, w1) + b1, 0, None) for v in (np.mean(x, (1, 2)), np.amax(x, (1, 2))))
    return np.einsum("bhwc,bc->bhwc", x, 1 / (1 + np.exp(-(hidden @ w2 + 2 * b2))))


def spatial_half(x, kernel):
    half = kernel.shape[0] // 2
    d = np.concatenate([x.mean(3, keepdims=True), x.max(3, keepdims=True)], axis=3)
    d = np.pad(d, [(0, 0), (half, half), (half, half), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(d, kernel.shape[:2], axis=(1, 2))
    return x * (0.5 + 0.5 * np.tanh(np.einsum("bhwdij,ijd->bhw", windows, kernel) / 2))[..., np.newaxis]


def cbam_forward(x, w1, b1, w2, b2, kernel):
    return spatial_half(channel_half(x, w1, b1, w2, b2), kernel)
