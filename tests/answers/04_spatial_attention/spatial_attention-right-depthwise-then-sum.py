# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    each = layers.DepthwiseConv2D(kernel_size, padding="same", use_bias=False)(d)
    return x * ops.sigmoid(ops.sum(each, axis=-1, keepdims=True))
