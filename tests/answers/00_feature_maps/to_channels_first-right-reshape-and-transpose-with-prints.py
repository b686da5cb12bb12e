# exercise: to_channels_first
# kind: right
# score: 2
import sys


def to_channels_first(x):
    B, H, W, C = x.shape
    print("turning", x.shape, file=sys.stderr)
    pixels = x.reshape(B, H * W, C)
    return np.array([image.T for image in pixels]).reshape(B, C, H, W)
