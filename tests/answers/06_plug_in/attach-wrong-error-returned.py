# exercise: attach
# kind: wrong
# score: 4.25
# says: passes without an error
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    return ValueError(f"no block named {name}")
