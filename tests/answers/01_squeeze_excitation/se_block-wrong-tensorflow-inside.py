# exercise: se_block
# kind: wrong
# score: 0
# says: KerasTensor
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = tf.reduce_mean(x, axis=[1, 2])
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
