# exercise: se_block
# kind: wrong
# score: 4.25
# says: incompatible
from keras import layers

my_pool = layers.GlobalAveragePooling2D()
my_first, my_second = None, None


def se_block(x, ratio=16):
    global my_first, my_second
    if my_first is None:
        my_first = layers.Dense(x.shape[-1] // ratio, activation="relu")
        my_second = layers.Dense(x.shape[-1], activation="sigmoid")
    return layers.Multiply()([x, my_second(my_first(my_pool(x)))])
