# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    # a true convolution through the Fourier transform, with a flipped kernel
    k = kernel[::-1, ::-1]
    p = k.shape[0] // 2
    B, H, W, D = d.shape
    h, w = H + 2 * p, W + 2 * p
    out = np.zeros((B, h, w))
    for c in range(D):
        out += np.fft.irfft2(np.fft.rfft2(d[..., c], (h, w)) * np.fft.rfft2(k[..., c], (h, w)), (h, w))
    return out[:, p:p + H, p:p + W]
