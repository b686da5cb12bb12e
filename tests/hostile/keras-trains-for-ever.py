# tries: clumsy: a training run in an answer cell that takes for ever
# notebook: 01_squeeze_excitation
# worth: se_block 0 timeout
# %% se_block
def se_block(x, ratio=16):
    return x


model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(np.ones((1000, 4)), np.ones(1000), epochs=10**9, verbose=0)
