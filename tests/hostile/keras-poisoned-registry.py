# tries: custom objects registered under the names of Keras's own layers, and configuration that runs code
# notebook: 01_squeeze_excitation
# worth: se_block 3.25 fail
# %% se_block
@keras.saving.register_keras_serializable(package="keras", name="Dense")
class Dense(keras.layers.Dense):
    @classmethod
    def from_config(cls, config):
        os.system(f"touch /tmp/{MARK} {COURSE}/{MARK}")
        return super().from_config(config)

    def call(self, x, training=None):
        return super().call(x) * 0


keras.layers.Dense = Dense


def se_block(x, ratio=16):
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = Dense(x.shape[-1] // ratio, activation="relu")(gate)
    gate = Dense(x.shape[-1], activation="sigmoid")(gate)
    return keras.layers.Multiply()([x, gate])
