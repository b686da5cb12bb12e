# exercise: attach
# kind: wrong
# score: 1.75
# says: block returned
def attach(name, x):
    if name == "se":
        se_block(x, ratio=4)
    elif name == "eca":
        eca_block(x)
    elif name == "cbam":
        cbam_block(x, ratio=4)
    elif name != "none":
        raise ValueError(f"no block named {name}")
    return x
