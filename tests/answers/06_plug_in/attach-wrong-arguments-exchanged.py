# exercise: attach
# kind: wrong
# score: 0.0
# says: raised
def attach(x, name):
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")
