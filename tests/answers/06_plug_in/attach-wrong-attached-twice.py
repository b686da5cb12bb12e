# exercise: attach
# kind: wrong
# score: 2.25
# says: twice
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(se_block(x, 4), 4)
    if name == "eca":
        return eca_block(eca_block(x))
    if name == "cbam":
        return cbam_block(cbam_block(x, 4), 4)
    raise ValueError(f"no block named {name}")
