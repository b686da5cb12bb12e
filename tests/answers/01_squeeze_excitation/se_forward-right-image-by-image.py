# exercise: se_forward
# kind: right
# score: 4
def se_forward(x, w1, b1, w2, b2):
    out = []
    for image in x:
        z = image.reshape(-1, image.shape[-1]).mean(axis=0)
        h = w1.T @ z + b1
        h[h < 0] = 0
        out.append(image * (1 / (1 + np.exp(-(w2.T @ h + b2)))))
    return np.stack(out)
