# exercise: excite
# kind: right
# score: 5
from keras import ops

def excite(z, w1, b1, w2, b2):
    h = ops.relu(ops.add(ops.matmul(z, w1), b1))
    return ops.sigmoid(ops.add(ops.matmul(h, w2), b2))
