# exercise: excite
# kind: right
# score: 5
def excite(z, w1, b1, w2, b2):
    z, w1, b1, w2, b2 = [tf.cast(a, tf.float32) for a in (z, w1, b1, w2, b2)]
    return tf.nn.sigmoid(tf.nn.relu(z @ w1 + b1) @ w2 + b2).numpy()
