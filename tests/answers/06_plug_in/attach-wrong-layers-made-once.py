# exercise: attach
# kind: wrong
# score: 4.5
# says: share their weights
kept = {}


def attach(name, x):
    if name == "none":
        return x
    makers = {"se": se_block, "eca": eca_block, "cbam": cbam_block}
    if name not in makers:
        raise ValueError(f"no block named {name}")
    if (name, x.shape[-1]) not in kept:
        inputs = keras.Input((None, None, x.shape[-1]))
        outputs = eca_block(inputs) if name == "eca" else makers[name](inputs, ratio=4)
        kept[name, x.shape[-1]] = keras.Model(inputs, outputs)
    return kept[name, x.shape[-1]](x)
