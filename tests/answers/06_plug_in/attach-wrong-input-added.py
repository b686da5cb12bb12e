# exercise: attach
# kind: wrong
# score: 3.25
# says: input is added
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return x + se_block(x, ratio=4)
    if name == "eca":
        return x + eca_block(x)
    if name == "cbam":
        return x + cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")
