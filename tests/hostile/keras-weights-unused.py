# tries: a layer that holds weights of the right shapes and does not use them
# notebook: 01_squeeze_excitation
# worth: se_block 1.25 fail: does not depend
# %% se_block
class Idle(keras.layers.Layer):
    def __init__(self, ratio, **keywords):
        super().__init__(**keywords)
        self.ratio = ratio

    def build(self, shape):
        channels, width = shape[-1], shape[-1] // self.ratio
        for sides in ((channels, width), (width,), (width, channels), (channels,)):
            self.add_weight(shape=sides)

    def call(self, x):
        return x


def se_block(x, ratio=16):
    return Idle(ratio)(x)
