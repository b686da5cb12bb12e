# exercise: spatial_attention
# kind: wrong
# score: 1.5
# says: batch norm is left in
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(d)
    a = layers.BatchNormalization(epsilon=1e-5, momentum=0.99, gamma_initializer="zeros")(a)
    gate = ops.sigmoid(a)
    return layers.Multiply()([x, gate])
