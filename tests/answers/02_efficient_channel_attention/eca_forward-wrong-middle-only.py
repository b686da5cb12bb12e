# exercise: eca_forward
# kind: wrong
# score: 1
# says: Only the middle
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2), keepdims=True)
    return x / (1 + np.exp(-kernel[len(kernel) // 2] * z))
