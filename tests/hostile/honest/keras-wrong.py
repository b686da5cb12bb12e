# tries: nothing: wrong answers
# notebook: 01_squeeze_excitation
# worth: squeeze 0.5 fail
# worth: excite 0.5 fail
# worth: se_forward 1 fail
# worth: se_weight_count 0 fail: None
# worth: se_block 1.25 fail
# worth: gate_gradient 0 fail
# %% squeeze
def squeeze(x):
    return x
# %% excite
def excite(z, w1, b1, w2, b2):
    return w1
# %% se_forward
def se_forward(x, w1, b1, w2, b2):
    return x
# %% se_weight_count
def se_weight_count(channels, ratio=16, bias=True):
    print(channels)
# %% se_block
def se_block(x, ratio=16):
    return x
# %% gate_gradient
def gate_gradient(*arguments, **keywords):
    return "a lot"
