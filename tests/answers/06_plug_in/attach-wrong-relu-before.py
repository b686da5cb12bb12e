# exercise: attach
# kind: wrong
# score: 3.25
# says: before the block
from keras import ops

def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(keras.ops.relu(x), ratio=4)
    if name == "eca":
        return eca_block(keras.ops.relu(x))
    if name == "cbam":
        return cbam_block(keras.ops.relu(x), ratio=4)
    raise ValueError(f"no block named {name}")
