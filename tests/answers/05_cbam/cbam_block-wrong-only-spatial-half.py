# exercise: cbam_block
# kind: wrong
# score: 1
# says: only the spatial half
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    pools = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
    return x * ops.sigmoid(conv(pools))
