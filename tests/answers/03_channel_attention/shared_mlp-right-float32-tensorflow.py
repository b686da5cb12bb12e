# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    v, w1, b1, w2, b2 = (tf.cast(t, tf.float32) for t in (v, w1, b1, w2, b2))
    return tf.matmul(tf.nn.relu(tf.matmul(v, w1) + b1), w2) + b2
