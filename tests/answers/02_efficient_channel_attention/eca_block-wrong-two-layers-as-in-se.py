# exercise: eca_block
# kind: wrong
# score: 1.75
# says: model.summary
from keras import layers

def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(max(c // 16, 1), activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
