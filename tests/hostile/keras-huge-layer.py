# tries: a layer with a thousand million weights
# notebook: 01_squeeze_excitation
# worth: se_block 0 fail|memory|crash|timeout
# %% se_block
def se_block(x, ratio=16):
    return keras.layers.Dense(x.shape[-1])(keras.layers.Dense(2**25)(x))
