# exercise: se_block
# kind: wrong
# score: 7.5
# says: share their weights
from keras import layers

kept = {}


def se_block(x, ratio=16):
    c = x.shape[-1]
    if (c, ratio) not in kept:
        kept[c, ratio] = (layers.Dense(c // ratio, activation="relu"), layers.Dense(c, activation="sigmoid"))
    first, second = kept[c, ratio]
    s = layers.GlobalAveragePooling2D()(x)
    return layers.Multiply()([x, second(first(s))])
