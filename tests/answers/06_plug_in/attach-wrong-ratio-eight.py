# exercise: attach
# kind: wrong
# score: 2.25
# says: weights where
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=8)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=8)
    raise ValueError(f"no block named {name}")
