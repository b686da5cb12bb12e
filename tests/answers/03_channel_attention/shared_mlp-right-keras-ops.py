# exercise: shared_mlp
# kind: right
# score: 4
from keras import ops

def shared_mlp(v, w1, b1, w2, b2):
    hidden = ops.relu(ops.add(ops.matmul(v, w1), b1))
    return ops.convert_to_numpy(ops.add(ops.matmul(hidden, w2), b2))
