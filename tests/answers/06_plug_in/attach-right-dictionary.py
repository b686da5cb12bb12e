# exercise: attach
# kind: right
# score: 5
BLOCKS = {
    "none": lambda x: x,
    "se": lambda x: se_block(x, 4),
    "eca": eca_block,
    "cbam": lambda x: cbam_block(x, 4),
}


def attach(name, x):
    if name not in BLOCKS:
        raise ValueError("attach does not know " + repr(name) + ", only " + ", ".join(BLOCKS))
    return BLOCKS[name](x)
