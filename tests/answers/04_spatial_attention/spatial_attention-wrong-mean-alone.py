# exercise: spatial_attention
# kind: wrong
# score: 1.5
# says: sees one map
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = mean
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])
