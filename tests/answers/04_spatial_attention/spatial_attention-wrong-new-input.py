# exercise: spatial_attention
# kind: wrong
# score: 0
# says: raised
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    x = keras.Input(x.shape[1:])
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])
