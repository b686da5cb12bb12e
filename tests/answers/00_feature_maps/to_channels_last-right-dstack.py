# exercise: to_channels_last
# kind: right
# score: 2
import warnings


def to_channels_last(x):
    warnings.warn("one image at a time")
    result = []
    for image in x:
        result.append(np.dstack(list(image)))
    return np.array(result)
