# exercise: squeeze
# kind: right
# score: 3
def my_mean(values):
    print("mean of", len(values), "values")
    return sum(values) / len(values)


def squeeze(x):
    return np.stack([[my_mean(image[..., c].ravel().tolist()) for c in range(image.shape[-1])] for image in x])
