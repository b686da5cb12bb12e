# exercise: attach
# kind: wrong
# score: 4.25
# says: KeyError
def attach(name, x):
    blocks = {
        "none": lambda x: x,
        "se": lambda x: se_block(x, ratio=4),
        "eca": eca_block,
        "cbam": lambda x: cbam_block(x, ratio=4),
    }
    return blocks[name](x)
