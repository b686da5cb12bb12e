# exercise: attach
# kind: wrong
# score: 2.25
# says: chooses one
def attach(name, x):
    if name == "none":
        return x
    if name in ("se", "eca", "cbam"):
        return cbam_block(eca_block(se_block(x, ratio=4)), ratio=4)
    raise ValueError(f"no block named {name}")
