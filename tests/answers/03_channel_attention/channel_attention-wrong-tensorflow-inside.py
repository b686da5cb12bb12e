# exercise: channel_attention
# kind: wrong
# score: 0
# says: KerasTensor
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a, m = tf.reduce_mean(x, axis=[1, 2]), tf.reduce_max(x, axis=[1, 2])
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
