# exercise: eca_forward
# kind: right
# score: 4
from keras import ops

def eca_forward(x, kernel):
    x = ops.cast(x, "float32")
    z = ops.mean(x, axis=(1, 2))[:, :, None]
    a = ops.conv(z, ops.cast(kernel, "float32")[:, None, None], padding="same")
    return x * ops.sigmoid(a[:, None, None, :, 0])
