# exercise: attach
# kind: wrong
# score: 2.5
# says: eca block
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return eca_block(x)
    if name == "eca":
        return se_block(x, ratio=4)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")
