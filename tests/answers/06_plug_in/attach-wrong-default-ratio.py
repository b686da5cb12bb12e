# exercise: attach
# kind: wrong
# score: 2.25
# says: ratio is not the one
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(x)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x)
    raise ValueError(f"no block named {name}")
