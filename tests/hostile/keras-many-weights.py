# tries: thousands of weights, with names without end
# notebook: 01_squeeze_excitation
# worth: se_block 0 any
# %% se_block
class Many(keras.layers.Layer):
    def build(self, shape):
        for number in range(20_000):
            self.add_weight(shape=(1,), name=f"w{number}" * 200)

    def call(self, x):
        return x


def se_block(x, ratio=16):
    return Many()(x)
