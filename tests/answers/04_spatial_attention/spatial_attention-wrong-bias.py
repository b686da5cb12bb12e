# exercise: spatial_attention
# kind: wrong
# score: 4
# says: has a bias
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, kernel_size, padding="same", activation="sigmoid")(d)
    return layers.Multiply()([x, gate])
