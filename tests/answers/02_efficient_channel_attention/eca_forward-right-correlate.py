# exercise: eca_forward
# kind: right
# score: 4
def eca_forward(x, kernel):
    out = np.empty(x.shape)
    for b, image in enumerate(x):
        logits = np.correlate(image.mean(axis=(0, 1)), kernel, mode="same")
        out[b] = image / (1 + np.exp(-logits))
    return out
