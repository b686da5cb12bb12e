# %% right straight
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))

# %% right bias-as-a-column
def excite(z, w1, b1, w2, b2):
    ones = np.ones((len(z), 1))
    hidden = np.hstack([z, ones]) @ np.vstack([w1, b1])
    hidden = np.clip(hidden, 0, None)
    logits = np.hstack([hidden, ones]) @ np.vstack([w2, b2])
    return 0.5 + 0.5 * np.tanh(0.5 * logits)

# %% right einsum
def excite(z, w1, b1, w2, b2):
    hidden = np.einsum("bc,cm->bm", z, w1) + b1[None, :]
    hidden = hidden * (hidden > 0)
    logits = np.einsum("bm,mc->bc", hidden, w2) + b2[None, :]
    return 1 / (1 + np.exp(-logits))

# %% right float32-tensorflow
def excite(z, w1, b1, w2, b2):
    z, w1, b1, w2, b2 = [tf.cast(a, tf.float32) for a in (z, w1, b1, w2, b2)]
    return tf.nn.sigmoid(tf.nn.relu(z @ w1 + b1) @ w2 + b2).numpy()

# %% right image-by-image
def sigmoid(t):
    return 1.0 / (1.0 + np.exp(np.clip(-t, -60, 60)))


def one_gate(vector, w1, b1, w2, b2):
    h = w1.T.dot(vector) + b1
    h = np.array([value if value > 0 else 0 for value in h])
    return sigmoid(w2.T.dot(h) + b2)


def excite(z, w1, b1, w2, b2):
    return np.vstack([one_gate(row, w1, b1, w2, b2) for row in z])

# %% right keras-ops
from keras import ops

def excite(z, w1, b1, w2, b2):
    h = ops.relu(ops.add(ops.matmul(z, w1), b1))
    return ops.sigmoid(ops.add(ops.matmul(h, w2), b2))

# %% right loops
import math


def excite(z, w1, b1, w2, b2):
    images, channels = z.shape
    width = w1.shape[1]
    gate = np.zeros((images, channels))
    for i in range(images):
        hidden = []
        for m in range(width):
            total = b1[m]
            for c in range(channels):
                total += z[i, c] * w1[c, m]
            hidden.append(max(total, 0.0))
        for c in range(channels):
            total = b2[c] + sum(hidden[m] * w2[m, c] for m in range(width))
            gate[i, c] = 0.5 * (1 + math.tanh(total / 2))
    return gate

# %% right prints-and-warns
import sys
import warnings

calls = []


def excite(z, w1, b1, w2, b2):
    calls.append(z.shape)
    print("call number", len(calls))
    warnings.warn("overflow may follow")
    hidden = np.maximum(0, z.dot(w1) + b1)
    print(hidden, file=sys.stderr)
    return np.reciprocal(1 + np.exp(-1 * (hidden.dot(w2) + b2)))

# %% right stable-sigmoid
def excite(z, w1, b1, w2, b2):
    hidden = np.dot(z, w1) + b1
    hidden[hidden < 0] = 0
    logits = np.dot(hidden, w2) + b2
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + small), small / (1 + small))

# %% wrong absolute-value-for-relu: 2.75, "plain ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.abs(z @ w1 + b1)

# %% wrong elu: 2.75, "plain ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = z @ w1 + b1
# +     hidden = np.where(hidden > 0, hidden, np.exp(hidden) - 1)

# %% wrong first-bias-after-relu: 2.75, "after the ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.maximum(z @ w1, 0) + b1

# %% wrong first-image: 0.5, "shape", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.maximum(z[0] @ w1 + b1, 0)

# %% wrong gelu: 1.75, "plain ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = z @ w1 + b1
# +     hidden = 0.5 * hidden * (1 + np.tanh(np.sqrt(2 / np.pi) * (hidden + 0.044715 * hidden**3)))

# %% wrong leaky-relu: 2.75, "plain ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = z @ w1 + b1
# +     hidden = np.where(hidden > 0, hidden, 0.01 * hidden)

# %% wrong minus-sign-lost: 1, "turned round", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return 1 / (1 + np.exp(hidden @ w2 + b2))

# %% wrong no-relu: 2.75, "no ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = z @ w1 + b1

# %% wrong no-sigmoid: 1, "sigmoid is missing", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return hidden @ w2 + b2

# %% wrong noisy: 1.5, "second call", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return 1 / (1 + np.exp(-(hidden @ w2 + b2 + np.random.normal(size=b2.shape))))

# %% wrong parentheses-missing: 1, "Parentheses are missing", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return 1 / 1 + np.exp(-(hidden @ w2 + b2))

# %% wrong prints: 0, "print", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     print(1 / (1 + np.exp(-(hidden @ w2 + b2))))

# %% wrong relu-before-first-layer: 1, "before the first layer", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.maximum(z, 0) @ w1 + b1

# %% wrong relu-before-both-layers: 1, "before the first layer", like right straight
#   def excite(z, w1, b1, w2, b2):
# +     z = np.maximum(z, 0)

# %% wrong relu-up-to-six: 4.25, "plain ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.clip(z @ w1 + b1, 0, 6)

# %% wrong scales-z: 1, "multiplies z", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return z / (1 + np.exp(-(hidden @ w2 + b2)))

# %% wrong second-bias-after-sigmoid: 1, "after the sigmoid", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return 1 / (1 + np.exp(-(hidden @ w2))) + b2

# %% wrong shared-gate: 2, "share one gate", like right straight
#   def excite(z, w1, b1, w2, b2):
# +     z = np.ones_like(z) * z.mean(axis=0)

# %% wrong stops-at-bottleneck: 0.5, "shape", like right straight
# -     return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return 1 / (1 + np.exp(-hidden))

# %% wrong tanh-for-relu: 1, "tanh is used instead of the ReLU", like right straight
# -     hidden = np.maximum(z @ w1 + b1, 0)
# +     hidden = np.tanh(z @ w1 + b1)

# %% wrong axes-for-the-map: 0.5, "axes of size 1"
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return gate[:, None, None, :]

# %% wrong rounded: 1.75, "three digits", like wrong axes-for-the-map
# -     return gate[:, None, None, :]
# +     return np.round(gate, 3)

# %% wrong exchanged-functions: 1, "exchanged"
def excite(z, w1, b1, w2, b2):
    hidden = 1 / (1 + np.exp(-(z @ w1 + b1)))
    return np.maximum(hidden @ w2 + b2, 0)

# %% wrong hard-sigmoid: 1.75, "hard sigmoid"
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    return np.clip(logits / 6 + 0.5, 0, 1)

# %% wrong list: 4.75, "type list"
def excite(z, w1, b1, w2, b2):
    gates = []
    for row in z:
        hidden = np.maximum(row @ w1 + b1, 0)
        gates.append(1 / (1 + np.exp(-(hidden @ w2 + b2))))
    return gates

# %% wrong no-biases: 1.75, "Both biases"
def excite(z, w1, b1, w2, b2):
    return 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2)))

# %% wrong no-first-bias: 1.75, "bias b1"
def excite(z, w1, b1, w2, b2):
    return 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2 + b2)))

# %% wrong no-second-bias: 1.75, "bias b2"
def excite(z, w1, b1, w2, b2):
    return 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2)))

# %% wrong not-written: 0, "not written"
def excite(z, w1, b1, w2, b2):
    raise NotImplementedError

# %% wrong old-hard-sigmoid: 1.75, "values are wrong"
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    return np.clip(0.2 * logits + 0.5, 0, 1)

# %% wrong one-half: 1, "values are wrong"
def excite(z, w1, b1, w2, b2):
    return np.full(z.shape, 0.5)

# %% wrong overflow: 4.25, "exp of a large number"
def excite(z, w1, b1, w2, b2):
    e = np.exp(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
    return e / (e + 1)

# %% wrong relu-for-sigmoid: 1, "bounded"
def excite(z, w1, b1, w2, b2):
    h = np.maximum(z @ w1 + b1, 0)
    return np.maximum(h @ w2 + b2, 0)

# %% wrong relu-twice: 1, "below one half"
def relu(t):
    return np.maximum(t, 0)


def excite(z, w1, b1, w2, b2):
    h = relu(z @ w1 + b1)
    h = relu(h @ w2 + b2)
    return 1 / (1 + np.exp(-h))

# %% wrong sigmoid-for-relu: 1, "instead of the ReLU"
def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def excite(z, w1, b1, w2, b2):
    return sigmoid(sigmoid(z @ w1 + b1) @ w2 + b2)

# %% wrong softmax: 1, "softmax"
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong softmax-over-all: 1, "over the images", like wrong softmax
# -     e = np.exp(logits - logits.max(axis=1, keepdims=True))
# -     return e / e.sum(axis=1, keepdims=True)
# +     e = np.exp(logits - logits.max())
# +     return e / e.sum()

# %% wrong softmax-over-images: 1, "over the images", like wrong softmax
# -     e = np.exp(logits - logits.max(axis=1, keepdims=True))
# -     return e / e.sum(axis=1, keepdims=True)
# +     e = np.exp(logits - logits.max(axis=0, keepdims=True))
# +     return e / e.sum(axis=0, keepdims=True)

# %% wrong softplus: 1.75, "plain ReLU"
def excite(z, w1, b1, w2, b2):
    hidden = np.logaddexp(z @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))

# %% wrong swish: 1.75, "plain ReLU", like wrong softplus
# -     hidden = np.logaddexp(z @ w1 + b1, 0)
# +     hidden = z @ w1 + b1
# +     hidden = hidden / (1 + np.exp(-hidden))

# %% wrong tanh-for-sigmoid: 1, "tanh"
def excite(z, w1, b1, w2, b2):
    return np.tanh(np.maximum(z @ w1 + b1, 0) @ w2 + b2)

# %% wrong transposed-weights: 0, "raised ValueError"
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1.T + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2.T + b2)))

# %% wrong weights-changed: 4.75, "changes"
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    np.negative(w2, out=w2)
    np.negative(b2, out=b2)
    return 1 / (1 + np.exp(hidden @ w2 + b2))
