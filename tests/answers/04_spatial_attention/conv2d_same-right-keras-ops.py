# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    out = keras.ops.conv(d.astype("float32"), kernel.astype("float32")[..., None], padding="same")
    return keras.ops.convert_to_numpy(out)[..., 0]
