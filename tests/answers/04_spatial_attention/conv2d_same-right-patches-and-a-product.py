# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    size = kernel.shape[0]
    edge = (size - 1) // 2
    B, H, W, D = d.shape
    padded = np.zeros((B, H + 2 * edge, W + 2 * edge, D))
    padded[:, edge:edge + H, edge:edge + W] = d
    columns = [padded[:, i:i + H, j:j + W, :] for i in range(size) for j in range(size)]
    patches = np.concatenate(columns, axis=-1)          # (B, H, W, k * k * D)
    return patches @ kernel.reshape(-1)
