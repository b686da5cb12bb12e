# exercise: CBAM
# kind: wrong
# score: 0
# says: not written yet


class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        raise NotImplementedError("Your turn: write this function, then run this cell again.")
