# exercise: se_forward
# kind: right
# score: 4
from keras import layers

def se_forward(x, w1, b1, w2, b2):
    z = layers.GlobalAveragePooling2D()(x)
    first = layers.Dense(w1.shape[1], activation="relu")
    second = layers.Dense(w2.shape[1], activation="sigmoid")
    s = second(first(z))
    first.set_weights([w1, b1])
    second.set_weights([w2, b2])
    s = second(first(z))
    return layers.Multiply()([x, s]).numpy()
