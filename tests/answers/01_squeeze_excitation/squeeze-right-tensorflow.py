# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    return tf.reduce_mean(x, axis=[1, 2])
