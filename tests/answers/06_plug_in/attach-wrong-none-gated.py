# exercise: attach
# kind: wrong
# score: 4.5
# says: rong
def attach(name, x):
    if name == "none":
        return 0.5 * x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")
