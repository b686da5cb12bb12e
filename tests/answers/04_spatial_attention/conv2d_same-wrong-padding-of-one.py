# exercise: conv2d_same
# kind: wrong
# score: 2.5
# says: where shape
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    padded = np.pad(d, ((0, 0), (1, 1), (1, 1), (0, 0)))
    H, W = padded.shape[1] - k + 1, padded.shape[2] - k + 1
    out = np.zeros((len(d), max(H, 0), max(W, 0)))
    for y in range(H):
        for x in range(W):
            out[:, y, x] = np.sum(padded[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out
