# exercise: attach
# kind: right
# score: 5
from keras import layers

def attach(attention, tensor):
    match attention:
        case "none":
            return keras.layers.Activation("linear")(tensor)
        case "se":
            return se_block(tensor, ratio=4)
        case "eca":
            return eca_block(tensor, gamma=2, b=1)
        case "cbam":
            return cbam_block(tensor, ratio=4, kernel_size=7)
    raise ValueError(f"{attention!r} is no attention")
