# exercise: attach
# kind: wrong
# score: 3.25
# says: behind the block
from keras import ops

def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return keras.ops.relu(se_block(x, ratio=4))
    if name == "eca":
        return keras.ops.relu(eca_block(x))
    if name == "cbam":
        return keras.ops.relu(cbam_block(x, ratio=4))
    raise ValueError(f"no block named {name}")
