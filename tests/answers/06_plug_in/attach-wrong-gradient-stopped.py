# exercise: attach
# kind: wrong
# score: 4.75
# says: gradient
from keras import ops

def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return keras.ops.stop_gradient(cbam_block(x, ratio=4))
    raise ValueError(f"no block named {name}")
