# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    y = tf.nn.conv2d(tf.constant(d), tf.constant(kernel[:, :, :, None]), strides=1, padding="SAME")
    return tf.squeeze(y, axis=-1)
