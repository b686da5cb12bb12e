# exercise: se_block
# kind: wrong
# score: 1.75
# says: two layers stand there twice
from keras import layers

def gate(s, c, ratio):
    s = layers.Dense(c // ratio, activation="relu")(s)
    return layers.Dense(c, activation="sigmoid")(s)


def se_block(x, ratio=16):
    # the squeeze twice over, and the mean of the two gates
    s = layers.GlobalAveragePooling2D()(x)
    both = layers.Average()([gate(s, x.shape[-1], ratio), gate(s, x.shape[-1], ratio)])
    return layers.Multiply()([x, both])
