# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    parts = []
    for one, (t, l, b, r) in zip(gate.astype("float32"), boxes):
        parts.append(tf.reduce_sum(one[t:b, l:r]) / tf.reduce_sum(one))
    return tf.stack(parts)
