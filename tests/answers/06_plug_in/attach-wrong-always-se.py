# exercise: attach
# kind: wrong
# score: 2.25
# says: it is the se block
def attach(name, x):
    if name not in ("none", "se", "eca", "cbam"):
        raise ValueError(f"unknown attention: {name}")
    return x if name == "none" else se_block(x, ratio=4)
