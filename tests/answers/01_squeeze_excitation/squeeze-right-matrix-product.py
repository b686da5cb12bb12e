# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    B, H, W, C = x.shape
    ones = np.ones((1, H * W))
    z = ones @ x.reshape(B, H * W, C)
    return z[:, 0, :] / (H * W)
