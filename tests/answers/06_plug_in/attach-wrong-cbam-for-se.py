# exercise: attach
# kind: wrong
# score: 2.5
# says: it is the cbam block
def attach(name, x):
    if name == "none":
        return x
    if name == "eca":
        return eca_block(x)
    if name in ("se", "cbam"):
        return cbam_block(x, ratio=4)
    raise ValueError(f"unknown attention: {name}")
