# exercise: se_forward
# kind: right
# score: 4
def se_forward(x, w1, b1, w2, b2):
    B, H, W, C = x.shape
    out = np.zeros(x.shape)
    for b in range(B):
        z = [x[b, :, :, c].sum() / (H * W) for c in range(C)]
        h = [max(0, b1[m] + sum(z[c] * w1[c, m] for c in range(C))) for m in range(len(b1))]
        for c in range(C):
            logit = b2[c] + sum(h[m] * w2[m, c] for m in range(len(h)))
            out[b, :, :, c] = x[b, :, :, c] / (1 + np.exp(-logit))
    return out
