# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.amax(x, axis=-1, keepdims=True)], axis=-1)
    d = layers.ZeroPadding2D(kernel_size // 2)(d)
    a = layers.Conv2D(1, kernel_size, padding="valid", use_bias=False)(d)
    return layers.Multiply()([layers.Activation("sigmoid")(a), x])
