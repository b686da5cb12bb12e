# exercise: attach
# kind: wrong
# score: 0.75
# says: function
def attach(name, x):
    blocks = {"none": lambda x: x, "se": se_block, "eca": eca_block, "cbam": cbam_block}
    if name not in blocks:
        raise ValueError(f"no block named {name}")
    return blocks[name]
