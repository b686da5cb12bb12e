# exercise: attach
# kind: wrong
# score: 0.75
# says: None
def attach(name, x):
    if name == "none":
        x
    elif name == "se":
        se_block(x, ratio=4)
    elif name == "eca":
        eca_block(x)
    elif name == "cbam":
        cbam_block(x, ratio=4)
    else:
        raise ValueError(f"no block named {name}")
