# exercise: attach
# kind: wrong
# score: 0.0
# says: raised
def attach(name, x):
    blocks = {"NONE": lambda x: x, "SE": lambda x: se_block(x, 4), "ECA": eca_block, "CBAM": lambda x: cbam_block(x, 4)}
    if name not in blocks:
        raise ValueError("unknown block")
    return blocks[name](x)
