# exercise: attach
# kind: right
# score: 5
def attach(name, x):
    if name == "none":
        return x
    elif name == "se":
        return se_block(x, ratio=4)
    elif name == "eca":
        return eca_block(x)
    elif name == "cbam":
        return cbam_block(x, ratio=4)
    else:
        raise ValueError(f"unknown attention: {name}")
