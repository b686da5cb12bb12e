# exercise: spatial_attention_forward
# kind: right
# score: 5
def spatial_attention_forward(x, kernel):
    t = tf.cast(x, tf.float32)
    d = tf.concat([tf.reduce_mean(t, -1, keepdims=True), tf.reduce_max(t, -1, keepdims=True)], -1)
    a = tf.nn.conv2d(d, tf.cast(kernel, tf.float32)[..., None], 1, "SAME")
    return (t * tf.sigmoid(a)).numpy()
