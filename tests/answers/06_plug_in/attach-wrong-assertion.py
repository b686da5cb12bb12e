# exercise: attach
# kind: wrong
# score: 4.25
# says: AssertionError
def attach(name, x):
    assert name in ("none", "se", "eca", "cbam"), f"no block named {name}"
    return {"none": lambda: x, "se": lambda: se_block(x, 4), "eca": lambda: eca_block(x), "cbam": lambda: cbam_block(x, 4)}[name]()
