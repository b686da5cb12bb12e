# exercise: apply_spatial_gate
# kind: right
# score: 3
import sys


def apply_spatial_gate(x, gate):
    sys.stderr.write("shape of the gate: %s\n" % (gate.shape,))
    print("<b>done</b>")
    return tf.multiply(x, gate[:, :, :, tf.newaxis])
